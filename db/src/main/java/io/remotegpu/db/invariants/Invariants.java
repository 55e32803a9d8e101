package io.remotegpu.db.invariants;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Asks the rows whether every {@link Invariant} is true of them. Needs nothing but a connection. */
@Component
public class Invariants {

    /** All at once, because one statement sees one moment. */
    private static final String ALL = Stream.of(Invariant.values())
            .map(invariant -> "SELECT '" + invariant.name() + "' AS invariant, * FROM (" + invariant.sql()
                    + ") AS violated (subject, environment_id, host_id, found)")
            .collect(Collectors.joining("\nUNION ALL\n"));

    private final JdbcClient jdbc;

    public Invariants(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Every violation as of one moment; none is what it should be. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public List<Violation> check() {
        return jdbc.sql(ALL)
                .query((row, _) -> new Violation(
                        Invariant.valueOf(row.getString("invariant")),
                        row.getString("subject"),
                        row.getObject("environment_id", UUID.class),
                        row.getString("host_id"),
                        row.getString("found")))
                .list();
    }

    /** The same, in words alone. */
    public List<String> violations() {
        return check().stream().map(Violation::found).toList();
    }
}
