package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.remotegpu.drivers.spi.ErrorKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kubelet, containerd and the scheduler write into a pod's status, and what it means. */
class PodReadingTest {

    @Test
    void aPodWithoutRoomSaysSoInTheSchedulersWords() {
        String words =
                "0/3 nodes are available: 1 Insufficient nvidia.com/gpu, 2 node(s) didn't match Pod's node affinity.";
        assertThat(PodReading.of(unplaced("Unschedulable", words))).isEqualTo(new PodReading.Unplaced(words));
        assertThat(PodReading.of(unplaced("SchedulerError", "binding rejected")))
                .isInstanceOf(PodReading.Coming.class);
    }

    @Test
    void aNewPodIsComing() {
        assertThat(PodReading.of(new PodBuilder().build())).isInstanceOf(PodReading.Coming.class);
        assertThat(PodReading.of(new PodBuilder().withNewStatus().endStatus().build()))
                .isInstanceOf(PodReading.Coming.class);
        assertThat(PodReading.of(waiting("ContainerCreating", null))).isInstanceOf(PodReading.Coming.class);
    }

    @Test
    void aRunningContainerRuns() {
        ContainerState running =
                new ContainerStateBuilder().withNewRunning().endRunning().build();
        assertThat(PodReading.of(container(running, null, 2))).isEqualTo(new PodReading.Running());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ErrImagePull | failed to pull and unpack image "127.0.0.1:1/x:1": dial tcp 127.0.0.1:1: connect: connection refused | IMAGE_NOT_FOUND
            ImagePullBackOff | Back-off pulling image "x:1": ErrImagePull: docker.io/library/x:1: not found | IMAGE_NOT_FOUND
            ErrImagePull | pull access denied, repository does not exist or may require authorization | PERMISSION_DENIED
            ErrImageNeverPull | Container image "x:1" is not present with pull policy of Never | IMAGE_NOT_FOUND
            InvalidImageName | couldn't parse image name "a b" | INVALID_SPEC
            CreateContainerConfigError | container has runAsNonRoot and image will run as root | INVALID_SPEC
            RunContainerError | exec: "tini": executable file not found in $PATH | INVALID_SPEC
            """)
    void whatCannotStartHasItsKind(String reason, String message, ErrorKind kind) {
        assertThat(PodReading.of(waiting(reason, message)))
                .isInstanceOfSatisfying(
                        PodReading.Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(kind));
    }

    @Test
    void troubleThatMayPassIsWaitedFor() {
        assertThat(PodReading.of(waiting("CreateContainerError", "context deadline exceeded")))
                .isInstanceOf(PodReading.Coming.class);
    }

    @Test
    void aContainerThatUsedTooMuchMemorySaysSo() {
        var killed = new ContainerStateBuilder()
                .withNewTerminated()
                .withReason("OOMKilled")
                .withExitCode(137)
                .endTerminated()
                .build();
        ContainerState backOff = new ContainerStateBuilder()
                .withNewWaiting()
                .withReason("CrashLoopBackOff")
                .endWaiting()
                .build();
        var restarting = new PodReading.Restarting(4, "exit code 137, killed for using more memory than it has");
        assertThat(PodReading.of(container(backOff, killed, 4))).isEqualTo(restarting);
        assertThat(PodReading.of(container(killed, null, 4))).isEqualTo(restarting);
    }

    @Test
    void aProcessThatTheRuntimeCannotStartIsNoCrash() {
        var failed = new ContainerStateBuilder()
                .withNewTerminated()
                .withReason("StartError")
                .withExitCode(128)
                .withMessage("exec: \"tini\": executable file not found in $PATH")
                .endTerminated()
                .build();
        assertThat(PodReading.of(container(failed, null, 1)))
                .isInstanceOfSatisfying(PodReading.Refused.class, refused -> {
                    assertThat(refused.kind()).isEqualTo(ErrorKind.INVALID_SPEC);
                    assertThat(refused.reason()).contains("tini");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Evicted | The node was low on resource: ephemeral-storage.
            OutOfcpu | Node didn't have enough resource: cpu, requested: 4000, used: 0, capacity: 2000
            UnexpectedAdmissionError | Allocate failed due to requested number of devices unavailable for nvidia.com/gpu
            """)
    void aPodThatItsNodeEndedSaysWhy(String reason, String message) {
        Pod pod = new PodBuilder()
                .withNewStatus()
                .withPhase("Failed")
                .withReason(reason)
                .withMessage(message)
                .endStatus()
                .build();
        assertThat(PodReading.of(pod)).isInstanceOfSatisfying(PodReading.Refused.class, refused -> {
            assertThat(refused.kind()).isEqualTo(ErrorKind.NO_CAPACITY);
            assertThat(refused.reason()).contains(reason).contains(message);
        });
    }

    private static Pod unplaced(String reason, String message) {
        return new PodBuilder()
                .withNewStatus()
                .withPhase("Pending")
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason(reason)
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build();
    }

    private static Pod waiting(String reason, String message) {
        return container(
                new ContainerStateBuilder()
                        .withNewWaiting()
                        .withReason(reason)
                        .withMessage(message)
                        .endWaiting()
                        .build(),
                null,
                0);
    }

    private static Pod container(ContainerState state, ContainerState last, int restarts) {
        return new PodBuilder()
                .withNewStatus()
                .withPhase("Pending")
                .addNewContainerStatus()
                .withName("environment")
                .withImage("x:1")
                .withState(state)
                .withLastState(last)
                .withRestartCount(restarts)
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
