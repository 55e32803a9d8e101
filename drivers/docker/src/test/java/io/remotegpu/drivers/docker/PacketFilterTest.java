package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.docker.PacketFilter.FilterException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketFilterTest {

    @Test
    void answersResetsAndNamesPassAndThenClosedNetworksAndTheMachineAreRefused() {
        assertThat(PacketFilter.rules("br-1", List.of("169.254.0.0/16", "10.1.0.0/16")))
                .isEqualTo("""
                        *filter
                        :REMOTEGPU-br-1 - [0:0]
                        -A REMOTEGPU-br-1 -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN
                        -A REMOTEGPU-br-1 -p tcp --tcp-flags RST RST -j RETURN
                        -A REMOTEGPU-br-1 -p udp --dport 53 -j RETURN
                        -A REMOTEGPU-br-1 -p tcp --dport 53 -j RETURN
                        -A REMOTEGPU-br-1 -d 169.254.0.0/16 -j REJECT --reject-with icmp-admin-prohibited
                        -A REMOTEGPU-br-1 -d 10.1.0.0/16 -j REJECT --reject-with icmp-admin-prohibited
                        -A REMOTEGPU-br-1 -m addrtype --dst-type LOCAL -j REJECT --reject-with icmp-admin-prohibited
                        COMMIT
                        """);
    }

    @Test
    void aBridgeOfAnotherMachineGetsNoRules() {
        assertThatThrownBy(() -> new PacketFilter().close("br-nowhere", List.of()))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("br-nowhere is not on this machine");
    }

    @Test
    void aClosedNetworkIsACidr() {
        assertThatThrownBy(() -> DockerDriverSettings.defaults("unix:///nowhere.sock", "test")
                        .withFirewall(Firewall.AUTO, List.of("10.0.0.0/8 -j ACCEPT")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("closed network");
    }
}
