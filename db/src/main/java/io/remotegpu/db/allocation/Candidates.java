package io.remotegpu.db.allocation;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which hosts an environment fits on. */
@Component
class Candidates {

    private final JdbcClient jdbc;
    private final PlacementSettings settings;

    Candidates(JdbcClient jdbc, PlacementSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** A host as this environment sees it; {@code fittingGpus} are free and of the right model and memory. */
    record View(
            String id,
            String status,
            boolean offersMode,
            int freeCpu,
            long freeMemory,
            int freeGpus,
            int fittingGpus) {}

    /** The only host that may take it: the one that has its data, or the one it asked for. */
    static @Nullable String pinnedTo(Environment environment) {
        // While it is created it has no data worth following: what a failed deploy left was removed before this.
        var hasData = environment.status() != EnvironmentStatus.CREATING && environment.hasData();
        return hasData ? environment.hostId() : environment.requestedHostId();
    }

    /** Every host that may take it, or only its pinned one, by id, whether it fits or not. */
    List<View> views(Environment environment, Set<String> excluded) {
        return jdbc.sql("""
                        SELECT h.id, h.status, :mode = ANY (h.deployment_modes) AS offers_mode,
                            h.total_cpu - h.used_cpu AS free_cpu, h.total_memory - h.used_memory AS free_memory,
                            count(g.id) AS free_gpus,
                            count(g.id) FILTER (WHERE (CAST(:model AS text) IS NULL OR lower(g.model) = lower(:model))
                                AND g.memory >= :gpuMemory) AS fitting_gpus
                        FROM hosts h LEFT JOIN gpus g ON g.host_id = h.id AND g.status = 'available'
                        WHERE (CAST(:pinned AS text) IS NULL OR h.id = :pinned) AND NOT h.id = ANY (:excluded)
                        GROUP BY h.id ORDER BY h.id""")
                .param("mode", environment.deploymentMode().wireName())
                .param("model", environment.gpuModel())
                .param("gpuMemory", gpuMemory(environment))
                .param("pinned", pinnedTo(environment))
                .param("excluded", excluded.toArray(String[]::new))
                .query(new DataClassRowMapper<>(View.class))
                .list();
    }

    /** The ids of those on which it fits, in the policy's order. */
    List<String> fitting(Environment environment, List<View> views) {
        return views.stream()
                .filter(view -> fits(environment, view))
                .sorted(settings.policy().order())
                .map(View::id)
                .toList();
    }

    static boolean fits(Environment environment, View view) {
        return view.status().equals("active")
                && view.offersMode()
                && view.freeCpu() >= environment.cpu()
                && view.freeMemory() >= environment.memory()
                && view.fittingGpus() >= environment.gpu();
    }

    /** How many ports it has to lease beside those that it kept. */
    int ports(Environment environment) {
        var services = environment.environmentType().services().size();
        var host = environment.hostId();
        if (!environment.hasData() || host == null) {
            return services;
        }
        int kept = jdbc.sql("SELECT count(*) FROM port_leases WHERE environment_id = ? AND host_id = ?")
                .params(environment.id(), host)
                .query(Integer.class)
                .single();
        return Math.max(0, services - kept);
    }

    static long gpuMemory(Environment environment) {
        var min = environment.gpuMemoryMin();
        return min == null ? 0 : min;
    }
}
