package io.remotegpu.drivers.docker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image registry with one image, {@code pulled:1}, whose one layer it sends in two halves: the second when told to.
 * {@code locked} needs a login that nobody has; everything else is not there.
 */
final class SmallRegistry implements AutoCloseable {

    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String CONFIG = "application/vnd.docker.container.image.v1+json";

    static {
        // The engine tries TLS first; this server waits for the end of that strange request, by default without end.
        System.setProperty("sun.net.httpserver.maxReqTime", "1");
    }

    private final HttpServer server;
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final byte[] manifest;
    private final String layer;
    private final CountDownLatch secondHalf = new CountDownLatch(1);

    SmallRegistry() throws IOException {
        byte[] content = layer();
        layer = digest(content);
        byte[] config = """
                {"architecture":"amd64","os":"linux","config":{"Entrypoint":["/none"]},
                 "rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(layer).getBytes(StandardCharsets.UTF_8);
        blobs.put(layer, content);
        blobs.put(digest(config), config);
        manifest = """
                {"schemaVersion":2,"mediaType":"%s",
                 "config":{"mediaType":"%s","size":%d,"digest":"%s"},
                 "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar","size":%d,"digest":"%s"}]}""".formatted(MANIFEST, CONFIG, config.length, digest(config), content.length, layer)
                .getBytes(StandardCharsets.UTF_8);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v2/", this::answer);
        server.start();
    }

    /** The reference under which that repository is pulled. */
    String image(String repository) {
        return "127.0.0.1:" + server.getAddress().getPort() + "/" + repository + ":1";
    }

    void sendSecondHalf() {
        secondHalf.countDown();
    }

    @Override
    public void close() {
        secondHalf.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String blob = path.substring(path.lastIndexOf('/') + 1);
            if (path.equals("/v2/")) {
                exchange.sendResponseHeaders(200, -1);
            } else if (path.startsWith("/v2/locked/")) {
                send(exchange, 401, "application/json", error("UNAUTHORIZED", "authentication required"));
            } else if (path.startsWith("/v2/pulled/manifests/")) {
                exchange.getResponseHeaders().set("Docker-Content-Digest", digest(manifest));
                send(exchange, 200, MANIFEST, manifest);
            } else if (blobs.containsKey(blob)) {
                send(exchange, 200, "application/octet-stream", blobs.get(blob));
            } else {
                send(exchange, 404, "application/json", error("MANIFEST_UNKNOWN", "manifest unknown"));
            }
        }
    }

    private void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        int half = body.length / 2;
        exchange.getResponseBody().write(body, 0, half);
        if (body == blobs.get(layer)) {
            exchange.getResponseBody().flush();
            awaitSecondHalf();
        }
        exchange.getResponseBody().write(body, half, body.length - half);
    }

    private void awaitSecondHalf() {
        try {
            secondHalf.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] error(String code, String message) {
        return "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}"
                .formatted(code, message)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A root file system with nothing but the folder for secrets, and 8 MB that do not compress. */
    private static byte[] layer() throws IOException {
        byte[] ballast = new byte[8_000_000];
        new Random().nextBytes(ballast);
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            tar.putArchiveEntry(new TarArchiveEntry("run/remotegpu/"));
            tar.closeArchiveEntry();
            var entry = new TarArchiveEntry("ballast");
            entry.setSize(ballast.length);
            tar.putArchiveEntry(entry);
            tar.write(ballast);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
