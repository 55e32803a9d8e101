package io.remotegpu.standalone.e2e;

import io.remotegpu.db.invariants.Invariants;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What the server's database says, read beside it. */
final class Rows {

    private final JdbcClient jdbc;

    /** @param address host and port of the embedded PostgreSQL */
    Rows(String address, String password) {
        jdbc = JdbcClient.create(
                new DriverManagerDataSource("jdbc:postgresql://" + address + "/remotegpu", "remotegpu", password));
    }

    /** What is not true of the rows, in words; none is what it should be. */
    List<String> violations() {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(JdbcClient.class, () -> jdbc);
            context.register(Invariants.class);
            context.refresh();
            return context.getBean(Invariants.class).violations();
        }
    }

    /** All rows of all tables, as text. */
    Map<String, String> everything() {
        var rows = new TreeMap<String, String>();
        jdbc.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
                .query(String.class)
                .list()
                .forEach(table -> rows.put(
                        table,
                        String.join(
                                "\n",
                                jdbc.sql("SELECT t::text FROM " + table + " AS t")
                                        .query(String.class)
                                        .list())));
        return rows;
    }

    /** Writes behind everybody's back. */
    void damage(String sql) {
        jdbc.sql(sql).update();
    }

    /** Everything that is held for an environment, in words. */
    List<String> heldBy(UUID id) {
        return jdbc.sql("""
                        SELECT 'port ' || port FROM port_leases WHERE environment_id = :id
                        UNION ALL SELECT 'quota' FROM reservations WHERE environment_id = :id
                        UNION ALL SELECT 'host ' || host_id FROM allocations WHERE environment_id = :id AND released_at IS NULL
                        UNION ALL SELECT 'GPU ' || id FROM gpus WHERE allocated_to = :id
                        UNION ALL SELECT 'GPU history ' || h.gpu_id FROM gpu_allocations h
                            JOIN allocations a ON a.id = h.allocation_id
                            WHERE a.environment_id = :id AND h.released_at IS NULL
                        UNION ALL SELECT 'secret ' || name FROM environment_secrets WHERE environment_id = :id
                        UNION ALL SELECT 'open ' || kind FROM operations WHERE environment_id = :id AND ended_at IS NULL""").param("id", id).query(String.class).list();
    }

    /** What the engine should have: whatever was deployed and is not deleted. */
    Set<UUID> withData() {
        return new TreeSet<>(jdbc.sql(
                        "SELECT id FROM environments WHERE has_data AND deployment_mode = 'docker' AND status <> 'deleted'")
                .query(UUID.class)
                .list());
    }

    int count(UUID id) {
        return jdbc.sql("SELECT count(*) FROM environments WHERE id = ?")
                .param(id)
                .query(Integer.class)
                .single();
    }

    /** The port that the next environment would be given. */
    int nextPort() {
        return jdbc.sql("""
                        SELECT min(p) FROM hosts, generate_series(port_min, port_max) p
                        WHERE 'docker' = ANY (deployment_modes)
                            AND p NOT IN (SELECT port FROM port_leases) AND p NOT IN (SELECT port FROM ports_set_aside)""").query(Integer.class).single();
    }

    /** Under which the engine's objects are labelled. */
    String installation() {
        return jdbc.sql("SELECT key_fingerprint FROM installation")
                .query(String.class)
                .single();
    }
}
