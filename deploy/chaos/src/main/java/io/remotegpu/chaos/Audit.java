package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is wrong, in words; each look by another way than the server's own. */
final class Audit {

    /** A warning is of what the settings let be, on whatever machine this runs. */
    private static final Set<String> WELL = Set.of("fine", "warning");

    private final Server server;
    private final Database database;
    private final Carried engines;

    Audit(Server server, Database database, Carried engines) {
        this.server = server;
        this.database = database;
        this.engines = engines;
    }

    /** What still moves, or is under way. */
    List<String> moving() throws SQLException {
        return database.ask("""
                SELECT 'environment ' || e.id || ' (' || e.name || ') is ' || e.status
                        || coalesce(', its ' || o.kind || ' at ' || o.step, '')
                FROM environments e LEFT JOIN operations o ON o.environment_id = e.id AND o.ended_at IS NULL
                WHERE e.status NOT IN ('running', 'stopped', 'failed', 'deleted') OR o.id IS NOT NULL""");
    }

    /** The ids of those that wait for room. */
    List<String> queued() throws SQLException {
        return database.ask("SELECT id FROM environments WHERE status = 'queued'");
    }

    /** The ids of those that are not deleted. */
    List<String> living() throws SQLException {
        return database.ask("SELECT id FROM environments WHERE status <> 'deleted' ORDER BY id");
    }

    /** The ids of which engines have anything. */
    Set<String> carried() throws IOException, InterruptedException {
        return engines.environments().keySet();
    }

    /** What the doctor finds, and what it could not look at; not what the settings let be. */
    List<String> doctor() throws InterruptedException {
        try {
            var process = server.doctor();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (!said.stripLeading().startsWith("{")) {
                return List.of("the doctor ended with status " + status + " and said: " + said.strip());
            }
            var found = new ArrayList<String>();
            for (JsonNode check : JsonMapper.shared().readTree(said).path("checks")) {
                if (!WELL.contains(check.path("state").asString(""))) {
                    found.add("doctor: " + check.path("area").asString("") + ": "
                            + check.path("what").asString(""));
                }
            }
            return found;
        } catch (IOException e) {
            throw new ChaosException("the doctor cannot be called: " + e.getMessage(), e);
        }
    }

    /** Intervals in which two held one thing, and names of which there are two: the log alone, without its constraint. */
    List<String> doubled() throws SQLException {
        var found = new ArrayList<>(database.ask("""
                SELECT a.thing || ' was held by ' || a.environment_id || ' and by ' || b.environment_id || ' at ' || b.held_from
                FROM holding_log a JOIN holding_log b ON b.thing = a.thing AND b.kind = a.kind AND b.id <> a.id
                WHERE a.kind IN ('gpu', 'port') AND a.held_from <= b.held_from
                    AND coalesce(a.held_to, 'infinity') > b.held_from AND (b.held_to IS NULL OR b.held_to > b.held_from)"""));
        found.addAll(database.ask("""
                SELECT 'one create made ' || count(*) || ' environments named ' || name || ' of user ' || user_id
                FROM environments GROUP BY user_id, name HAVING count(*) > 1"""));
        return found;
    }

    /** Where engines and rows tell different stories. */
    List<String> differences() throws SQLException, IOException, InterruptedException {
        var carried = engines.environments();
        Map<String, String> rows = new HashMap<>();
        for (String row : database.ask("SELECT id, status FROM environments")) {
            String[] words = row.split(" ");
            rows.put(words[0], words[1]);
        }
        var found = new ArrayList<String>();
        rows.forEach((id, status) -> {
            Boolean runs = carried.get(id);
            if (status.equals("running") && !Boolean.TRUE.equals(runs)) {
                found.add("environment " + id + " is running, and its engine does not run it");
            }
            if (!status.equals("running") && Boolean.TRUE.equals(runs)) {
                found.add("environment " + id + " is " + status + ", and its engine runs it");
            }
            if (status.equals("stopped") && runs == null) {
                found.add("environment " + id + " is stopped, and its engine has nothing of it");
            }
            if (status.equals("deleted") && runs != null) {
                found.add("environment " + id + " is deleted, and its engine has something of it");
            }
        });
        carried.keySet().stream()
                .filter(id -> !rows.containsKey(id))
                .forEach(id -> found.add("environment " + id + " is on an engine, and nobody knows it"));
        return found;
    }

    /** Once everything is deleted: what is held all the same. */
    List<String> held() throws SQLException {
        return database.ask("""
                SELECT 'environment ' || id || ' is ' || status FROM environments WHERE status <> 'deleted'
                UNION ALL SELECT 'GPU ' || id || ' is held by ' || allocated_to FROM gpus WHERE allocated_to IS NOT NULL
                UNION ALL SELECT 'GPU ' || id || ' is ' || status FROM gpus WHERE status <> 'available'
                UNION ALL SELECT 'port ' || port || ' of ' || host_id || ' is leased to ' || environment_id FROM port_leases
                UNION ALL SELECT 'quota of user ' || user_id || ' is reserved by ' || environment_id FROM reservations
                UNION ALL SELECT 'host ' || host_id || ' holds ' || environment_id FROM allocations WHERE released_at IS NULL
                UNION ALL SELECT 'host ' || id || ' uses ' || used_cpu || ' cores and ' || used_memory || ' bytes'
                    FROM hosts WHERE used_cpu <> 0 OR used_memory <> 0
                UNION ALL SELECT 'the log says that ' || environment_id || ' holds ' || thing
                    FROM holding_log WHERE held_to IS NULL
                UNION ALL SELECT 'operation ' || id || ' is open' FROM operations WHERE ended_at IS NULL""");
    }
}
