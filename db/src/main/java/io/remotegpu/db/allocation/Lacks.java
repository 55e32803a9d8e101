package io.remotegpu.db.allocation;

import io.remotegpu.db.environment.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Says what is missing where no host fits: the first of mode, host and room that nobody has. */
final class Lacks {

    private static final long GIB = 1L << 30;

    static List<Lack> of(Environment environment, List<Candidates.View> views, Set<String> excluded) {
        var pinned = Candidates.pinnedTo(environment);
        if (pinned != null) {
            return ofPinned(environment, pinned, views);
        }
        var mode = environment.deploymentMode().wireName();
        var offering = views.stream().filter(Candidates.View::offersMode).toList();
        var tried = excluded.isEmpty() ? "" : " besides " + String.join(", ", excluded) + ", which could not take it";
        if (offering.isEmpty()) {
            return List.of(new Lack(
                    "deployment_mode",
                    "no host offers " + mode + tried + ": an administrator registers one, or brings its engine up"));
        }
        var active = offering.stream().filter(Lacks::active).toList();
        if (active.isEmpty()) {
            return List.of(new Lack(
                    "deployment_mode",
                    "no host that offers " + mode + " is active" + tried + ": "
                            + String.join(
                                    ", ",
                                    offering.stream()
                                            .map(view -> view.id() + " is " + view.status())
                                            .toList())));
        }
        return ofRoom(environment, active, "no active host that offers " + mode + tried);
    }

    /** Where the hosts with room have no ports. */
    static Lack ofPorts(Environment environment, List<String> hosts) {
        return new Lack(
                "environment_type",
                String.join(", ", hosts) + (hosts.size() == 1 ? " has" : " have")
                        + " room, but not the free ports that "
                        + environment.environmentType().wireName()
                        + " needs: delete what is not needed any more, or let an administrator widen the range");
    }

    /** Where there is room, and others wait for it. */
    static Lack ofTurn() {
        return new Lack("wait", "there is room for it, but not without delaying those who have waited for it before");
    }

    private static List<Lack> ofPinned(Environment environment, String pinned, List<Candidates.View> views) {
        var why = pinned.equals(environment.requestedHostId()) ? "" : ", which has its data,";
        if (views.isEmpty()) {
            return List.of(new Lack("host_id", "host " + pinned + why + " cannot take it"));
        }
        var host = views.getFirst();
        if (!active(host)) {
            return List.of(new Lack("host_id", "host " + pinned + why + " is " + host.status() + ", not active"));
        }
        if (!host.offersMode()) {
            return List.of(new Lack(
                    "deployment_mode",
                    "host " + pinned + why + " does not offer "
                            + environment.deploymentMode().wireName()));
        }
        return ofRoom(environment, views, "host " + pinned + why + " no longer");
    }

    private static List<Lack> ofRoom(Environment environment, List<Candidates.View> hosts, String who) {
        var lacks = new ArrayList<Lack>();
        var gpus = most(hosts, Candidates.View::fittingGpus);
        if (gpus < environment.gpu()) {
            lacks.add(new Lack(
                    "gpu",
                    who + " has " + environment.gpu() + " free " + (environment.gpu() == 1 ? "GPU" : "GPUs")
                            + constraints(environment) + "; the most on one host is " + gpus));
        }
        var cpu = most(hosts, Candidates.View::freeCpu);
        if (cpu < environment.cpu()) {
            lacks.add(new Lack(
                    "cpu",
                    who + " has " + environment.cpu() + " free cores; the most on one host is " + Math.max(0, cpu)));
        }
        var memory = most(hosts, Candidates.View::freeMemory);
        if (memory < environment.memory()) {
            lacks.add(new Lack(
                    "memory",
                    who + " has " + gibibytes(environment.memory()) + " of free memory; the most on one host is "
                            + gibibytes(Math.max(0, memory))));
        }
        if (lacks.isEmpty()) {
            lacks.add(new Lack(
                    environment.gpu() > 0 ? "gpu" : "cpu",
                    who + " has " + environment.cpu() + " free cores, " + gibibytes(environment.memory())
                            + " of free memory and " + environment.gpu() + " free GPUs" + constraints(environment)
                            + " together"));
        }
        return lacks;
    }

    private static boolean active(Candidates.View view) {
        return view.status().equals("active");
    }

    private static long most(List<Candidates.View> hosts, ToLongFunction<Candidates.View> amount) {
        return hosts.stream().mapToLong(amount).max().orElse(0);
    }

    private static String constraints(Environment environment) {
        var model = environment.gpuModel() == null ? "" : " of model " + environment.gpuModel();
        var memory = environment.gpuMemoryMin() == null
                ? ""
                : " with at least " + gibibytes(environment.gpuMemoryMin()) + " of memory";
        return model + memory;
    }

    private static String gibibytes(long bytes) {
        return bytes % GIB == 0 ? bytes / GIB + "Gi" : "%.1fGi".formatted((double) bytes / GIB);
    }

    private Lacks() {}
}
