package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.probe.ServiceProbe;
import java.util.List;
import java.util.Map;

/** What the state of an existing container means for its environment. */
final class ContainerReport {

    /** A container that the engine had to start again this often is no longer coming up. */
    private static final int RESTARTS_THAT_HAPPEN = 3;

    private final DockerClient client;
    private final ServiceProbe probe;

    ContainerReport(DockerClient client, ServiceProbe probe) {
        this.client = client;
        this.probe = probe;
    }

    Observation of(InspectContainerResponse details) {
        String state = String.valueOf(details.getState().getStatus());
        return switch (state) {
            case "running" -> running(details);
            case "created" -> created(details);
            case "restarting" -> restarting(details);
            case "exited" -> exited(details);
            case "removing" -> new Observation(Observation.State.STOPPED, "its container is being removed");
            case "paused" ->
                Observation.failed("its container was paused by hand: continue it by 'docker unpause "
                        + Labels.shortened(details.getId()) + "'");
            default ->
                Observation.failed(
                        "its container is in state '" + state + "': stop the environment and start it again");
        };
    }

    private Observation running(InspectContainerResponse details) {
        Map<String, String> labels = details.getConfig().getLabels();
        List<String> silent = probe.silent(Labels.services(labels == null ? Map.of() : labels));
        return silent.isEmpty() ? Observation.running() : Observation.starting(String.join("; ", silent));
    }

    private static Observation created(InspectContainerResponse details) {
        String error = details.getState().getError();
        return error == null || error.isBlank()
                ? Observation.starting("its container is made, but not started yet")
                : Observation.failed("its container could not be started: " + error);
    }

    private Observation restarting(InspectContainerResponse details) {
        Integer restarts = details.getRestartCount();
        String reason = "its container ends again and again (" + end(details) + lastWords(details) + ")";
        return restarts == null || restarts < RESTARTS_THAT_HAPPEN
                ? Observation.starting(reason)
                : Observation.failed(reason);
    }

    /** The engine restarts what ends by itself, so somebody stopped it, or the engine could not go on. */
    private Observation exited(InspectContainerResponse details) {
        Long code = details.getState().getExitCodeLong();
        if (code != null && code == 0) {
            return new Observation(Observation.State.STOPPED, "its container was stopped at the engine");
        }
        return Observation.failed("its container ended: " + end(details) + lastWords(details));
    }

    private static String end(InspectContainerResponse details) {
        var state = details.getState();
        String error = state.getError();
        return "exit code " + state.getExitCodeLong()
                + (Boolean.TRUE.equals(state.getOOMKilled()) ? ", killed for using more memory than it has" : "")
                + (error == null || error.isBlank() ? "" : ", " + error);
    }

    private String lastWords(InspectContainerResponse details) {
        List<String> lines = ContainerLog.tail(client, details.getId(), 1);
        return lines.isEmpty() ? "" : "; its last line: " + shortened(lines.getLast());
    }

    private static String shortened(String line) {
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
