package io.remotegpu.activities.host;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a Docker engine answers, and which version; asked with every heartbeat, so it needs no client library. */
final class DockerProbe implements LocalEngine {

    private static final Pattern VERSION = Pattern.compile("\"Version\"\\s*:\\s*\"([^\"]+)\"");
    private static final int PATIENCE_SECONDS = 5;

    private final String dockerHost;

    /**
     * @param dockerHost as in {@code DOCKER_HOST}: {@code unix://PATH} or {@code tcp://HOST:PORT}
     */
    DockerProbe(String dockerHost) {
        this.dockerHost = dockerHost;
    }

    String address() {
        return dockerHost;
    }

    @Override
    public DeploymentMode mode() {
        return DeploymentMode.DOCKER;
    }

    @Override
    public Answer ask() throws InterruptedException {
        return version()
                .map(version -> new Answer(true, Map.of(mode().wireName(), version)))
                .orElse(Answer.NONE);
    }

    /** The engine's version, or empty when none answers in time. */
    Optional<String> version() throws InterruptedException {
        var answer = new CompletableFuture<String>();
        // A thread of its own: a blocking read on a socket channel has no timeout, but ends when it is interrupted.
        Thread asker = Thread.ofVirtual().start(() -> {
            try {
                answer.complete(askVersion());
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return versionIn(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } finally {
            asker.interrupt();
        }
    }

    /** Its components have versions too, in an array that comes first. */
    static Optional<String> versionIn(String answer) {
        if (!answer.startsWith("HTTP/1.") || !answer.contains(" 200 ")) {
            return Optional.empty();
        }
        Matcher matcher = VERSION.matcher(answer.replaceFirst("\"Components\"\\s*:\\s*\\[.*?\\}\\]", ""));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private String askVersion() throws IOException {
        try (SocketChannel channel = connect()) {
            // HTTP/1.0: the engine closes the connection after the answer, and sends it in one piece.
            channel.write(ByteBuffer.wrap(
                    "GET /version HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private SocketChannel connect() throws IOException {
        if (dockerHost.startsWith("unix://")) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            return connected(channel, UnixDomainSocketAddress.of(dockerHost.substring("unix://".length())));
        }
        URI uri = URI.create(dockerHost);
        return connected(
                SocketChannel.open(), new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 2375 : uri.getPort()));
    }

    private static SocketChannel connected(SocketChannel channel, SocketAddress address) throws IOException {
        try {
            channel.connect(address);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
