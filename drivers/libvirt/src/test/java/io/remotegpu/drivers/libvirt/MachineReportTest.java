package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.probe.ServiceProbe;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineReportTest {

    private final MachineReport report = new MachineReport(new ServiceProbe(Duration.ofSeconds(1)));

    /** Numbers as libvirt gives them. */
    @ParameterizedTest
    @CsvSource({
        "3,  5, FAILED,   disk is full",
        "3,  1, FAILED,   virsh resume",
        "3,  2, FAILED,   domstate --reason",
        "3, 11, STARTING, being started",
        "4,  1, STOPPED,  shutting down",
        "5,  0, STOPPED,  is off",
        "5,  1, STOPPED,  from within",
        "5,  2, STOPPED,  at the host",
        "5,  3, FAILED,   crashed",
        "5,  6, FAILED,   could not be started",
        "6,  0, FAILED,   crashed",
        "7,  0, FAILED,   sleep",
    })
    void eachStateSaysWhatItMeans(int state, int reason, Observation.State expected, String words) {
        Observation seen = report.of(machine(MachineState.of(state, reason)));
        assertThat(seen.state()).isEqualTo(expected);
        assertThat(seen.reason()).contains(words);
    }

    @Test
    void aRunningMachineIsStartingUntilItsServicesAnswer() {
        Observation seen = report.of(machine(MachineState.of(1, 1)));
        assertThat(seen.state()).isEqualTo(Observation.State.STARTING);
        assertThat(seen.reason()).startsWith("ssh at 127.0.0.1:");
    }

    private static Machine machine(MachineState state) {
        var one = TestDeployments.onOtherPorts(Example.ide());
        var local = one.ports().stream()
                .map(port -> new PortBinding(port.service(), "127.0.0.1", port.port()))
                .toList();
        var metadata = new MachineMetadata(one.id(), "golden", "train-1", "ada", "ide", "hash", local);
        return new Machine(one.id(), metadata, state, true);
    }
}
