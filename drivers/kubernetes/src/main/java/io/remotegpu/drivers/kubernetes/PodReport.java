package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.probe.ServiceProbe;
import java.util.List;

/** What the state of an existing pod means for its environment. */
final class PodReport {

    /** A container that had to be started again this often is no longer coming up: the node waited 10 and 20 s in between. */
    private static final int RESTARTS_THAT_HAPPEN = 2;

    private static final int LONGEST_LINE = 200;

    private final ClusterNode node;
    private final PodLog log;
    private final PodEvents events;
    private final ServiceProbe probe;

    PodReport(ClusterNode node, PodLog log, PodEvents events, ServiceProbe probe) {
        this.node = node;
        this.log = log;
        this.events = events;
        this.probe = probe;
    }

    Observation of(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return beingRemoved();
        }
        return switch (PodReading.of(pod)) {
            case PodReading.Running() -> running(pod);
            case PodReading.Coming(String reason) -> Observation.starting(reason);
            case PodReading.Unplaced(String reason) -> Observation.starting("its pod waits for room: " + reason);
            case PodReading.Restarting(int restarts, String end) -> restarting(pod, restarts, end);
            case PodReading.Refused(ErrorKind kind, String reason) -> Observation.failed(reason + whatTheNodeSaid(pod));
        };
    }

    private Observation beingRemoved() {
        String trouble = node.trouble();
        return trouble == null
                ? new Observation(Observation.State.STOPPED, "its pod is being removed")
                : Observation.failed("its pod was to be removed, but " + trouble);
    }

    private Observation running(Pod pod) {
        List<String> silent = probe.silent(Labels.services(pod, node.address()));
        if (silent.isEmpty()) {
            return Observation.running();
        }
        // Without probes of its own a pod is ready while its container runs, unless its node was lost.
        PodCondition ready = PodReading.condition(pod, "Ready");
        String trouble = ready != null && "False".equals(ready.getStatus()) ? node.trouble() : null;
        return trouble == null ? Observation.starting(String.join("; ", silent)) : Observation.failed(trouble);
    }

    private Observation restarting(Pod pod, int restarts, String end) {
        String reason = "its container ends again and again (" + end + lastWords(pod) + ")";
        return restarts < RESTARTS_THAT_HAPPEN ? Observation.starting(reason) : Observation.failed(reason);
    }

    /** A node that ends a pod says why in its status, but not when the container then ended well: only in an event. */
    private String whatTheNodeSaid(Pod pod) {
        var status = pod.getStatus();
        return "Succeeded".equals(status.getPhase()) && status.getReason() == null ? events.lastWarning(pod, "; ") : "";
    }

    private String lastWords(Pod pod) {
        List<String> lines = log.tail(pod, 1);
        if (lines.isEmpty()) {
            return "";
        }
        String line = lines.getLast();
        return "; its last line: " + (line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…");
    }
}
