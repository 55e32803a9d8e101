package io.remotegpu.activities.testing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the database holds at one moment, to be compared. */
public record Rows(Map<String, List<String>> tables) {

    /** What differs between two runs that are the same for users: times, running numbers, ciphertexts. */
    private static final String CHANCE = """
            '{id,gpu_id,allocation_id,operation_id,ciphertext,at,until,created_at,updated_at,started_at,ended_at,stopped_at,
              deleted_at,leased_at,allocated_at,released_at,last_heartbeat,taken_at,held_from,held_to,
              status_since,compensating_since,key}'::text[]""";

    /** Everything to the last microsecond, but for times that start anew whenever it is asked for, and ciphertexts. */
    public static Rows exactly(JdbcClient jdbc) {
        return read(jdbc, "to_jsonb(t) - '{until,taken_at,ciphertext}'::text[]");
    }

    /** Who holds what, and what happened, without when and under which running number; whether it ended is kept. */
    public static Rows inEssence(JdbcClient jdbc) {
        return read(
                jdbc,
                "(to_jsonb(t) - " + CHANCE + ") || jsonb_build_object('over', coalesce("
                        + "to_jsonb(t) -> 'released_at', to_jsonb(t) -> 'ended_at', to_jsonb(t) -> 'held_to', 'null') <> 'null')");
    }

    private static Rows read(JdbcClient jdbc, String row) {
        var tables = new TreeMap<String, List<String>>();
        var names = jdbc.sql("""
                        SELECT tablename FROM pg_tables
                        WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history'""").query(String.class).list();
        for (var name : names) {
            // Events tell a story, so their order counts; other rows have none.
            var order = name.equals("environment_events") ? "t.id" : "1";
            tables.put(
                    name,
                    jdbc.sql("SELECT (" + row + ")::text FROM " + name + " t ORDER BY " + order)
                            .query(String.class)
                            .list());
        }
        return new Rows(tables);
    }
}
