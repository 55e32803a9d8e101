package io.remotegpu.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class TemporalHealthTest {

    @Test
    void itIsDownWhereNobodyAnswers() throws IOException {
        int nobodys;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobodys = free.getLocalPort();
        }
        var settings = TemporalSettings.at("127.0.0.1:" + nobodys);
        var connection = TemporalConnections.open(settings);
        try {
            var health = new TemporalHealth(TemporalConnections.client(connection, settings)).health();
            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails().get("error").toString()).containsAnyOf("UNAVAILABLE", "DEADLINE_EXCEEDED");
        } finally {
            connection.shutdownNow();
        }
    }
}
