package io.remotegpu.drivers.spi.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServiceProbeTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final byte[] RDP_CONFIRM = {3, 0, 0, 19, 14, (byte) 0xD0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 1, 0, 0, 0
    };

    private final ServiceProbe probe = new ServiceProbe(Duration.ofSeconds(10));

    @Test
    void sshAnswersWithItsBanner() throws IOException {
        try (var server = SpokenServer.speaksFirst("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")) {
            assertAnswers(Service.SSH, server);
        }
    }

    @Test
    void vncAnswersWithItsProtocolVersion() throws IOException {
        try (var server = SpokenServer.speaksFirst("RFB 003.008\n")) {
            assertAnswers(Service.VNC, server);
        }
    }

    @Test
    void rdpConfirmsTheConnectionRequest() throws IOException {
        try (var server = SpokenServer.answers(RDP_CONFIRM)) {
            assertAnswers(Service.RDP, server);
            assertThat(server.heard()).startsWith("\u0003\u0000\u0000\u0013\u000e\u00e0");
        }
    }

    @Test
    void jupyterTellsItsVersion() throws IOException {
        try (var server = SpokenServer.answers(ascii("HTTP/1.1 200 OK\r\n\r\n{\"version\": \"2.17.0\"}"))) {
            assertAnswers(Service.JUPYTER, server);
            assertThat(server.heard()).startsWith("GET /api HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n");
        }
    }

    @Test
    void tensorboardServesItsPage() throws IOException {
        try (var server = SpokenServer.answers(ascii("HTTP/1.1 200 OK\r\n\r\n<!doctype html>"))) {
            assertAnswers(Service.TENSORBOARD, server);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"JUPYTER", "TENSORBOARD"})
    void anHttpErrorIsNoAnswer(Service service) throws IOException {
        try (var server = SpokenServer.answers(ascii("HTTP/1.1 502 Bad Gateway\r\n\r\n"))) {
            assertThat(probe(service, server).reason()).contains("502 Bad Gateway");
        }
    }

    @Test
    void aPageOfSomethingElseIsNotJupyter() throws IOException {
        try (var server = SpokenServer.answers(ascii("HTTP/1.1 200 OK\r\n\r\n<h1>It works!</h1>"))) {
            assertThat(probe(Service.JUPYTER, server).answers()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void aServerThatSaysNothingDoesNotAnswerInTime(Service service) throws IOException {
        try (var server = SpokenServer.silent()) {
            var result = new ServiceProbe(SHORT).probe(service, "127.0.0.1", server.port());
            assertThat(result.answers()).isFalse();
            assertThat(result.reason())
                    .isEqualTo(
                            service.wireName() + " at 127.0.0.1:" + server.port() + " does not answer within 200 ms");
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void aServerThatSaysGarbageDoesNotAnswer(Service service) throws IOException {
        try (var server = SpokenServer.answers(ascii("\u0007220 mail.example.org ESMTP ready\r\n"))) {
            server.speakAtOnce();
            var result = probe(service, server);
            assertThat(result.answers()).isFalse();
            assertThat(result.reason()).contains("does not speak").contains("?220");
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void aServerThatClosesDoesNotAnswer(Service service) throws IOException {
        try (var server = SpokenServer.closes()) {
            assertThat(probe(service, server).answers()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void aPortWhereNobodyListensDoesNotAccept(Service service) throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThat(probe.probe(service, "127.0.0.1", free).reason()).endsWith("does not accept connections");
    }

    @Test
    void aServerThatDripsByteByByteCannotHoldTheProbe() throws IOException {
        try (var server = SpokenServer.drips()) {
            long began = System.nanoTime();
            var result = new ServiceProbe(SHORT).probe(Service.TENSORBOARD, "127.0.0.1", server.port());
            assertThat(result.reason()).endsWith("does not answer within 200 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void aServiceOnAllAddressesIsAskedOnThisMachine() throws IOException {
        try (var server = SpokenServer.speaksFirst("SSH-2.0-x\r\n")) {
            assertThat(probe.probe(Service.SSH, "0.0.0.0", server.port()).answers())
                    .isTrue();
        }
    }

    @Test
    void allAreAskedAndOnlyTheSilentOnesAreNamed() throws IOException {
        try (var ssh = SpokenServer.speaksFirst("SSH-2.0-x\r\n");
                var vnc = SpokenServer.closes()) {
            List<String> silent = probe.silent(List.of(
                    new PortBinding(Service.SSH, "127.0.0.1", ssh.port()),
                    new PortBinding(Service.VNC, "127.0.0.1", vnc.port())));
            assertThat(silent).singleElement().asString().startsWith("vnc at 127.0.0.1:" + vnc.port());
        }
    }

    private void assertAnswers(Service service, SpokenServer server) {
        assertThat(probe(service, server)).isEqualTo(ProbeResult.answered());
    }

    private ProbeResult probe(Service service, SpokenServer server) {
        return probe.probe(service, "127.0.0.1", server.port());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
