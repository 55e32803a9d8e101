package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.Network;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With programs in place of {@code iptables} that do as told, and write down what they were asked. */
class NetworkGuardTest {

    private static final String DENIED = "echo 'iptables: Permission denied (you must be root)'; exit 4";
    /** A bridge that is on every machine. */
    private static final String BRIDGE = "lo";

    @TempDir
    Path folder;

    @BeforeEach
    void allIsWell() throws IOException {
        program("iptables-restore", "cat >>$0.rules");
        program("iptables", "true");
    }

    @Test
    void whatCannotBeClosedIsSaidUntilItIsClosed() throws IOException {
        program("iptables-restore", DENIED);
        var guard = guard(Firewall.AUTO);
        assertThat(guard.unguarded()).as("before anybody has looked").isEmpty();
        guard.watch(network(BRIDGE));
        guard.keep();
        assertThat(guard.unguarded())
                .hasValueSatisfying(said -> assertThat(said)
                        .contains("not kept from this machine's own addresses")
                        .contains("you must be root")
                        .contains("Give this process CAP_NET_ADMIN")
                        .doesNotContain("None is brought up"));

        program("iptables-restore", "cat >>$0.rules");
        // Anew, as after its removal: otherwise the next look comes in a minute.
        guard.watch(network("br-other"));
        guard.watch(network(BRIDGE));
        guard.keep();
        assertThat(guard.unguarded()).isEmpty();
    }

    @Test
    void aMachineWithoutTheProgramSaysSoBeforeThereIsANetwork() throws IOException {
        Files.delete(folder.resolve("iptables"));
        var guard = guard(Firewall.AUTO);
        guard.tryOut();
        assertThat(guard.unguarded())
                .hasValueSatisfying(said -> assertThat(said).contains("iptables cannot be run here"));
    }

    @Test
    void whereRulesCouldBeWrittenOrNobodyWantsThemNothingIsSaid() throws IOException {
        var able = guard(Firewall.AUTO);
        able.tryOut();
        assertThat(able.unguarded()).isEmpty();

        program("iptables", DENIED);
        program("iptables-restore", DENIED);
        var off = guard(Firewall.OFF);
        off.tryOut();
        off.watch(network(BRIDGE));
        off.keep();
        assertThat(off.unguarded()).isEmpty();
    }

    @Test
    void whereTheRulesAreRequiredAndCannotBeWrittenNothingIsBroughtUp() throws IOException {
        program("iptables-restore", DENIED);
        var guard = guard(Firewall.REQUIRED);
        guard.watch(network(BRIDGE));
        for (int again = 0; again < 2; again++) {
            assertThatThrownBy(guard::keep)
                    .isInstanceOfSatisfying(
                            DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.PERMISSION_DENIED));
        }
        assertThat(guard.unguarded())
                .hasValueSatisfying(said -> assertThat(said).contains("None is brought up until then"));
    }

    /** The create is to be tried again, not taken back. */
    @Test
    void whereTheFilterIsBusyOrThisProcessEndsItIsWorthAnotherAttempt() throws IOException {
        program(
                "iptables-restore",
                "echo 'Another app is currently holding the xtables lock; still 0s 0us time ahead'; exit 4");
        var busy = guard(Firewall.REQUIRED);
        busy.watch(network(BRIDGE));
        assertPasses(busy);

        allIsWell();
        program("iptables-restore", "kill -9 $$");
        var killed = guard(Firewall.REQUIRED);
        killed.watch(network(BRIDGE));
        assertPasses(killed);

        allIsWell();
        program("iptables", "sleep 60");
        var interrupted = guard(Firewall.REQUIRED);
        interrupted.watch(network(BRIDGE));
        Thread.currentThread().interrupt();
        assertPasses(interrupted);
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void assertPasses(NetworkGuard guard) {
        assertThatThrownBy(guard::keep)
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENGINE_UNAVAILABLE));
    }

    @Test
    void rulesOfGoneNetworksThatStayKeepNobodyFromBeingBroughtUp() throws IOException {
        // All rules are asked for only to find those that are left over.
        program("iptables", "[ \"$*\" != '-w 5 -S' ] || { " + DENIED + "; }");
        var guard = guard(Firewall.REQUIRED);
        guard.watch(network(BRIDGE));
        guard.keep();
        assertThat(folder.resolve("iptables-restore.rules")).content().contains(":REMOTEGPU-lo");
        assertThat(folder.resolve("iptables.asked")).content().contains("-S\n");
        assertThat(guard.unguarded()).isEmpty();
    }

    private NetworkGuard guard(Firewall firewall) {
        return new NetworkGuard(
                DockerDriverSettings.defaults("unix:///nowhere.sock", "test")
                        .withFirewall(firewall, List.of(DockerDriverSettings.METADATA)),
                new PacketFilter(folder + "/"));
    }

    private static Network network(String bridge) throws IOException {
        return new ObjectMapper()
                .readValue(
                        "{\"Id\": \"0123456789abcdef\", \"Options\": {\"com.docker.network.bridge.name\": \"" + bridge
                                + "\"}}",
                        Network.class);
    }

    private void program(String name, String does) throws IOException {
        var file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\necho \"$*\" >>$0.asked\n" + does + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
