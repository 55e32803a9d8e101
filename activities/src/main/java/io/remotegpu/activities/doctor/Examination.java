package io.remotegpu.activities.doctor;

import io.remotegpu.temporal.TemporalSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Everything that can be looked at of one installation. What is absent, or does not answer, is said to be unchecked. */
public final class Examination {

    private static final String DOWN = "Start it: ./remotegpu up. Then ask again.";

    private final @Nullable DataSource database;
    private final @Nullable TemporalSettings temporal;
    private final @Nullable URI api;
    private final @Nullable String hostId;

    /**
     * @param temporal where it is, and how it is connected to
     * @param api without {@code /api/v1}
     * @param hostId as which host this machine is known: the ports of its environments are tried
     */
    public Examination(
            @Nullable DataSource database,
            @Nullable TemporalSettings temporal,
            @Nullable URI api,
            @Nullable String hostId) {
        this.database = database;
        this.temporal = temporal;
        this.api = api;
        this.hostId = hostId;
    }

    /** Takes seconds; up to two minutes where hosts do not answer. Never throws for what it finds. */
    public List<Diagnosis> examine() {
        var found = new ArrayList<Diagnosis>();
        found.add(Diagnosis.fine(
                "versions",
                "Java " + Runtime.version().feature() + " on " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version")));
        if (api == null) {
            found.add(Diagnosis.unchecked("api", "the server does not run", DOWN));
        } else {
            found.addAll(ApiExamination.of(api));
        }
        var rows = database == null ? null : DatabaseExamination.of(database, found);
        if (database == null) {
            found.add(Diagnosis.unchecked("database", "the embedded PostgreSQL runs only while the server does", DOWN));
        }
        // Before the findings are read: the pass asks the engines and brings them up to date.
        var looked = false;
        if (temporal == null) {
            found.add(Diagnosis.unchecked("temporal", "the server does not run", DOWN));
        } else {
            looked = TemporalExamination.of(temporal, found);
        }
        if (!looked) {
            found.add(Diagnosis.unchecked(
                    "engines", "no pass of the reconciler came to its end, so no engine was asked", DOWN));
        }
        if (rows != null) {
            rows.examine(looked, hostId, found);
        } else {
            found.add(Diagnosis.unchecked("invariants", "the rows could not be read", DOWN));
        }
        return found;
    }
}
