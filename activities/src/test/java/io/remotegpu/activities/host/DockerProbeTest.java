package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerProbeTest {

    private static final String ANSWER = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
            + "{\"Platform\":{\"Name\":\"\"},\"Components\":[{\"Name\":\"Engine\",\"Version\":\"1\",\"Details\":{\"a\":\"b\"}},"
            + "{\"Name\":\"containerd\",\"Version\":\"2\"}],\"Version\":\"26.1.5\",\"ApiVersion\":\"1.45\"}";

    @TempDir
    Path folder;

    @Test
    void anEngineThatAnswersTellsItsVersion() throws Exception {
        Path socket = folder.resolve("docker.sock");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            var engine = Thread.ofVirtual().start(() -> answerOnce(server));

            assertThat(new DockerProbe("unix://" + socket).version()).contains("26.1.5");
            engine.join();
        }
    }

    @Test
    void nothingAtTheSocketIsNoEngine() throws Exception {
        assertThat(new DockerProbe("unix://" + folder.resolve("absent")).version())
                .isEmpty();
        assertThat(new DockerProbe("tcp://127.0.0.1:1").version()).isEmpty();
        assertThat(new DockerProbe("nonsense").version()).isEmpty();
    }

    @Test
    void anErrorIsNoEngine() {
        assertThat(DockerProbe.versionIn("HTTP/1.0 500 Internal Server Error\r\n\r\n{\"Version\":\"1\"}"))
                .isEmpty();
    }

    private static void answerOnce(ServerSocketChannel server) {
        try (var client = server.accept()) {
            client.read(ByteBuffer.allocate(1024));
            client.write(ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
