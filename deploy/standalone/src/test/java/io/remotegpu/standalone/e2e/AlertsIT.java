package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A GPU breaks on a whole server, and somebody is told, by a webhook whose signature is right; then that it is well again. */
class AlertsIT {

    private record Post(String id, String timestamp, String signature, String body) {

        JsonNode json() {
            return new JsonMapper().readTree(body);
        }
    }

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private Server server;
    private Api admin;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            posts.add(new Post(
                    headers.getFirst("webhook-id"),
                    headers.getFirst("webhook-timestamp"),
                    headers.getFirst("webhook-signature"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            // The first of all is not taken.
            exchange.sendResponseHeaders(posts.size() == 1 ? 500 : 204, -1);
            exchange.close();
        });
        receiver.start();
        server = new Server(
                folder.resolve("home"),
                "unix://" + folder.resolve("nothing.sock"),
                Map.of(
                        "REMOTEGPU_ALERTS_EVERY", "1s",
                        "REMOTEGPU_ALERTS_CALM", "0s",
                        "REMOTEGPU_ALERTS_RETRYFIRST", "200ms",
                        "REMOTEGPU_ALERTS_LOOPBACK", "true",
                        // Whatever machine this runs on.
                        "REMOTEGPU_ALERTS_OFF", "disk_full,gpu_hot"),
                "--simulate",
                "1x2");
        server.start();
        admin = server.api().register("admin");
    }

    @AfterEach
    void nothingStays() {
        server.close();
        receiver.stop(0);
    }

    @Test
    void aGpuThatBreaksIsToldOfAndItsRepairToo() throws Exception {
        var secret = admin.post(
                        "/alert-targets", """
                        {"name":"on-call","url":"http://127.0.0.1:%d/hook"}""".formatted(receiver.getAddress().getPort()))
                .expect(201)
                .text("secret");
        var gpu = admin.get("/gpus")
                .expect(200)
                .body()
                .path("items")
                .get(0)
                .path("id")
                .asString();
        admin.send("PUT", "/gpus/" + gpu + "/status", "{\"status\":\"error\",\"reason\":\"it smells\"}")
                .expect(200);

        Eventually.until("it is told, at the second attempt", () -> posts.size() == 2);
        var firing = firing();
        assertThat(firing.path("rule").asString("")).isEqualTo("gpu_error");
        assertThat(firing.path("subject").asString("")).isEqualTo("gpu/" + gpu);
        var alert = "/alerts/" + firing.path("id").asString();
        Eventually.until("the rows say so", () -> delivered(alert) == 1);
        assertThat(posts.getFirst().id()).isEqualTo(posts.getLast().id());
        assertThat(posts.getLast().json().path("type").asString("")).isEqualTo("alert.firing");
        posts.forEach(post -> assertThat(post.signature()).isEqualTo(signature(secret, post)));

        admin.post(alert + "/acknowledge", "{\"comment\":\"a window was opened\"}")
                .expect(200);
        admin.send("PUT", "/gpus/" + gpu + "/status", "{\"status\":\"available\"}")
                .expect(200);

        Eventually.until("its end is told", () -> posts.size() == 3);
        assertThat(posts.getLast().json().path("type").asString("")).isEqualTo("alert.resolved");
        assertThat(posts.getLast().signature()).isEqualTo(signature(secret, posts.getLast()));
        var over = admin.get(alert).expect(200).body();
        assertThat(over.path("state").asString("")).isEqualTo("resolved");
        assertThat(over.path("acknowledgement").path("by").asString("")).isEqualTo("admin");
        assertThat(admin.get("/alerts?state=firing").expect(200).body().path("items"))
                .isEmpty();
    }

    private JsonNode firing() {
        return admin.get("/alerts?state=firing")
                .expect(200)
                .body()
                .path("items")
                .get(0);
    }

    private long delivered(String alert) {
        return admin.get(alert)
                .expect(200)
                .body()
                .path("deliveries")
                .valueStream()
                .filter(delivery -> delivery.path("outcome").asString("").equals("delivered"))
                .count();
    }

    /** As a receiver computes it that has never seen our code. */
    private static String signature(String secret, Post post) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
            var signed = mac.doFinal(
                    (post.id() + "." + post.timestamp() + "." + post.body()).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
