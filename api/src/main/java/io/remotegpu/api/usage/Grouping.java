package io.remotegpu.api.usage;

import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.usage.Dimension;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parameter {@code group_by}. */
final class Grouping {

    /**
     * What it names; by user where it is left out.
     *
     * @throws ProblemException 400 when it names something else, or two parts of the time
     */
    static Set<Dimension> parse(@Nullable List<String> names) {
        if (names == null) {
            return EnumSet.of(Dimension.USER);
        }
        var by = EnumSet.noneOf(Dimension.class);
        for (var name : names) {
            try {
                by.add(Dimension.fromWireName(name));
            } catch (IllegalArgumentException unknown) {
                throw wrong();
            }
        }
        if (by.isEmpty()) {
            throw wrong();
        }
        if (by.contains(Dimension.DAY) && by.contains(Dimension.MONTH)) {
            throw ProblemException.badParameter("group_by", "must not have both day and month");
        }
        return by;
    }

    private static ProblemException wrong() {
        return ProblemException.badParameter(
                "group_by", "must be one or more of user, host, model, environment, day, month");
    }

    private Grouping() {}
}
