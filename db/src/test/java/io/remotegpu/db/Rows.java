package io.remotegpu.db;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Everything that the database holds at one moment, to be compared. */
public record Rows(Map<String, List<String>> tables) {

    static Rows of(JdbcClient jdbc) {
        var tables = new TreeMap<String, List<String>>();
        var names = jdbc.sql("""
                        SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history'""").query(String.class).list();
        for (var name : names) {
            tables.put(
                    name,
                    jdbc.sql("SELECT to_jsonb(t)::text FROM " + name + " t ORDER BY 1")
                            .query(String.class)
                            .list());
        }
        return new Rows(tables);
    }
}
