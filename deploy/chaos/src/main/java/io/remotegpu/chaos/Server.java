package io.remotegpu.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;

/** {@code up}, whole or a part of it. */
final class Server extends Program {

    private final Jar jar;
    private final int port;

    private Server(Path home, Jar jar, int port, List<String> words, Map<String, String> settings, boolean supervised) {
        super(home, jar.command(words), settings, supervised);
        this.jar = jar;
        this.port = port;
    }

    /** @param simulate hosts and GPUs, for example {@code "4x8"}; empty for none */
    static Server whole(Path home, Jar jar, String simulate, Map<String, String> settings) {
        int port = freePort();
        var words = new ArrayList<>(List.of("up", "--port", Integer.toString(port)));
        if (!simulate.isEmpty()) {
            words.addAll(List.of("--simulate", simulate));
        }
        return new Server(home, jar, port, words, settings, false);
    }

    /** @param part as {@code --only} names it */
    static Server part(Path home, Jar jar, String part, Map<String, String> settings) {
        int port = freePort();
        return new Server(
                home, jar, port, List.of("up", "--only", part, "--port", Integer.toString(port)), settings, true);
    }

    @Override
    void forget() throws IOException {
        Files.deleteIfExists(home().resolve("run/state"));
    }

    @Override
    boolean isReady() {
        return state("phase").equals("ready");
    }

    /** {@code doctor}, on the running server. */
    Process doctor() throws IOException {
        var line = new ArrayList<>(jar.command(List.of("doctor", "--json")));
        line.add(1, "-XX:TieredStopAtLevel=1");
        return builder(line)
                .redirectError(ProcessBuilder.Redirect.appendTo(console().toFile()))
                .start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What {@code ./remotegpu status} would read; empty when it is not there. */
    String state(String key) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(home().resolve("run/state"))) {
            properties.load(reader);
        } catch (IOException e) {
            return "";
        }
        return properties.getProperty(key, "");
    }

    /** Below the ports that the system hands to outgoing connections: one of those could be taken while it is down. */
    static int freePort() {
        var random = new Random();
        while (true) {
            int port = random.nextInt(10_000, 20_000);
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException e) {
                // Taken: the next one may be free.
            }
        }
    }
}
