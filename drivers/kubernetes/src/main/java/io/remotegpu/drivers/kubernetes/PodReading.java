package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a pod's status says of it: pure. The reasons are those of kubelet, containerd and the scheduler. */
sealed interface PodReading {

    /** The scheduler finds no room on the node, in its own words. */
    record Unplaced(String reason) implements PodReading {}

    /** On its way. */
    record Coming(String reason) implements PodReading {}

    /** Its container runs. */
    record Running() implements PodReading {}

    /** Its container ended, and is started again. */
    record Restarting(int restarts, String reason) implements PodReading {}

    /** It will not run as it is. */
    record Refused(ErrorKind kind, String reason) implements PodReading {}

    Pattern CANNOT_RUN = Pattern.compile(
            "executable file not found|exec format error|no such file or directory|permission denied|not a directory");
    Pattern REGISTRY_REFUSES = Pattern.compile(
            "pull access denied|authorization failed|unauthorized|authentication required|403 forbidden|401 unauthorized|toomanyrequests");

    static PodReading of(Pod pod) {
        var status = pod.getStatus();
        if (status == null) {
            return new Coming("its pod is new");
        }
        if ("Failed".equals(status.getPhase()) || "Succeeded".equals(status.getPhase())) {
            return ended(status.getReason(), status.getMessage(), container(pod));
        }
        PodCondition placed = condition(pod, "PodScheduled");
        if (placed != null && "False".equals(placed.getStatus())) {
            String words = text(placed.getMessage(), "it is not placed yet");
            return "Unschedulable".equals(placed.getReason()) ? new Unplaced(words) : new Coming(words);
        }
        ContainerStatus container = container(pod);
        return container == null ? new Coming("its node has not begun yet") : of(container);
    }

    private static PodReading of(ContainerStatus container) {
        ContainerState state = container.getState();
        if (state != null && state.getRunning() != null) {
            return new Running();
        }
        ContainerStateTerminated ended = state == null ? null : state.getTerminated();
        if (ended != null) {
            return startFailed(ended) ? cannotRun(ended.getMessage()) : restarting(container, ended);
        }
        ContainerStateWaiting waiting = state == null ? null : state.getWaiting();
        return waiting == null ? new Coming("its container is about to start") : waiting(container, waiting);
    }

    private static PodReading waiting(ContainerStatus container, ContainerStateWaiting waiting) {
        String reason = text(waiting.getReason(), "");
        String message = text(waiting.getMessage(), "");
        return switch (reason) {
            case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "ImageInspectError" ->
                image(container, message);
            case "InvalidImageName" ->
                new Refused(ErrorKind.INVALID_SPEC, "image " + container.getImage() + " is no image name: correct it");
            case "CreateContainerConfigError" -> new Refused(ErrorKind.INVALID_SPEC, message);
            case "RunContainerError", "CreateContainerError" ->
                CANNOT_RUN.matcher(message.toLowerCase(Locale.ROOT)).find()
                        ? cannotRun(message)
                        : new Coming(reason + ": " + message);
            case "CrashLoopBackOff" -> crashLoop(container);
            case "ContainerCreating", "PodInitializing", "" ->
                new Coming("its node pulls the image, mounts the volumes and makes the container");
            default -> new Coming(message.isEmpty() ? reason : reason + ": " + message);
        };
    }

    private static PodReading image(ContainerStatus container, String message) {
        String image = "image " + container.getImage() + " cannot be pulled: " + text(message, "no reason given");
        return REGISTRY_REFUSES.matcher(message.toLowerCase(Locale.ROOT)).find()
                ? new Refused(
                        ErrorKind.PERMISSION_DENIED,
                        image + "; correct the image's name, or name a pull secret in the settings")
                : new Refused(ErrorKind.IMAGE_NOT_FOUND, image + "; correct the image's name, or load it on the node");
    }

    private static PodReading crashLoop(ContainerStatus container) {
        ContainerStateTerminated last = container.getLastState() == null
                ? null
                : container.getLastState().getTerminated();
        if (last == null) {
            return new Restarting(restarts(container), "no reason given");
        }
        return startFailed(last) ? cannotRun(last.getMessage()) : restarting(container, last);
    }

    private static PodReading restarting(ContainerStatus container, ContainerStateTerminated ended) {
        return new Restarting(restarts(container), end(ended));
    }

    /** The runtime could not start the process at all. */
    private static boolean startFailed(ContainerStateTerminated ended) {
        return "StartError".equals(ended.getReason()) || "ContainerCannotRun".equals(ended.getReason());
    }

    private static PodReading cannotRun(@Nullable String message) {
        return new Refused(
                ErrorKind.INVALID_SPEC,
                "the image cannot run here (" + text(message, "no reason given")
                        + "): build it on one of deploy/images, for this processor");
    }

    /** The kubelet refused the pod, or threw it out: evicted, out of something, a device that is gone. */
    private static PodReading ended(
            @Nullable String reason, @Nullable String message, @Nullable ContainerStatus container) {
        ContainerState state = container == null ? null : container.getState();
        ContainerStateTerminated ended = state == null ? null : state.getTerminated();
        String words = text(reason, "ended") + (message == null || message.isBlank() ? "" : ": " + message.strip());
        return new Refused(
                ErrorKind.NO_CAPACITY,
                "its pod was ended by its node (" + words + (ended == null ? "" : "; " + end(ended)) + ")");
    }

    private static String end(ContainerStateTerminated ended) {
        return "exit code " + ended.getExitCode()
                + ("OOMKilled".equals(ended.getReason()) ? ", killed for using more memory than it has" : "");
    }

    static @Nullable PodCondition condition(Pod pod, String type) {
        return pod.getStatus() == null
                ? null
                : pod.getStatus().getConditions().stream()
                        .filter(condition -> type.equals(condition.getType()))
                        .findFirst()
                        .orElse(null);
    }

    private static @Nullable ContainerStatus container(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(container -> PodManifest.CONTAINER.equals(container.getName()))
                .findFirst()
                .orElse(null);
    }

    /** How often its container was started anew. */
    static int restarts(Pod pod) {
        ContainerStatus container = container(pod);
        return container == null ? 0 : restarts(container);
    }

    private static int restarts(ContainerStatus container) {
        return Optional.ofNullable(container.getRestartCount()).orElse(0);
    }

    private static String text(@Nullable String text, String otherwise) {
        return text == null || text.isBlank() ? otherwise : text.strip();
    }
}
