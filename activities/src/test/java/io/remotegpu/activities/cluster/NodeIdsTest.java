package io.remotegpu.activities.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeIdsTest {

    @Test
    void aHostIdIsTheNamesOfClusterAndNode() {
        assertThat(NodeIds.host("main", "gpu-node-7.lab")).isEqualTo("main-gpu-node-7.lab");
    }

    @Test
    void whatIsTooLongIsCutAndStaysUnique() {
        var one = NodeIds.host("main", "n".repeat(100) + "1");
        var other = NodeIds.host("main", "n".repeat(100) + "2");

        assertThat(one).hasSize(63).startsWith("main-nnn").isNotEqualTo(other);
        assertThat(NodeIds.host("main", "n".repeat(100) + "1")).isEqualTo(one);
    }
}
