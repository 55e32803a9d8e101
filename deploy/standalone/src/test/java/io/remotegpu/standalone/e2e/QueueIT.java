package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for room on one simulated host with two GPUs, over a server that is killed meanwhile. */
class QueueIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Server server;
    private static Api ann;
    private static Api bob;

    @BeforeAll
    static void start() {
        server = new Server(
                folder.resolve("home"), "unix://" + folder.resolve("nothing.sock"), Map.of(), "--simulate", "1x2");
        server.start();
        ann = server.api().register("ann");
        bob = server.api().register("bob");
        for (var user : List.of(ann, bob)) {
            ann.post("/quotas", """
                    {"user_id":%d,"cpu":64,"memory":"256Gi","gpu":16,"storage":"1Ti","environment_quota":20}""".formatted(
                            user.get("/users/me").expect(200).body().path("id").asLong()))
                    .expect(201);
        }
    }

    @AfterAll
    static void nothingStays() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void whoWaitsIsServedInTurnWhateverHappensToTheServer() {
        var holder = UserEnvironment.running(ann, request("holder", 2));
        assertThat(bob.post("/environments", request("impatient", 1))
                        .expect(409)
                        .text("code"))
                .isEqualTo("no_capacity");
        var soonOver = UserEnvironment.admitted(bob, waiting("soon-over", 2, "3s"));
        var anns = UserEnvironment.admitted(ann, waiting("anns", 1, "1h"));
        var bobs = UserEnvironment.admitted(bob, waiting("bobs", 2, "1h"));
        var deleted = UserEnvironment.admitted(bob, waiting("deleted", 1, "1h"));
        Eventually.until("it gives up", () -> soonOver.status().equals("failed"));
        assertThat(soonOver.look().path("failure").path("code").asString("")).isEqualTo("wait_timeout");
        assertThat(server.rows().heldBy(soonOver.id())).isEmpty();
        deleted.delete();
        // Ann holds two GPUs and Bob none, so Bob is first however late he came.
        assertThat(place(bobs)).isEqualTo("1 of 2");
        assertThat(place(anns)).isEqualTo("2 of 2");
        assertThat(bobs.look().path("queue").path("reason").asString("")).contains("2 free GPUs");

        server.kill();
        Eventually.until("no process outlives it", () -> server.processes().isEmpty());
        server.start();

        assertThat(place(bobs)).isEqualTo("1 of 2");
        assertThat(place(anns)).isEqualTo("2 of 2");
        holder.operate("stop");
        bobs.await("running");
        assertThat(place(anns)).isEqualTo("1 of 1");

        // The data of this one is on the host that is full: it waits behind Ann's other one, which came before.
        assertThat(ann.post(holder.path() + "/start", "{\"wait\":true}")
                        .expect(202)
                        .text("status"))
                .isEqualTo("queued");
        assertThat(place(holder)).isEqualTo("2 of 2");
        assertThat(holder.operate("stop").path("status").asString("")).isEqualTo("stopped");

        bobs.delete();
        anns.await("running");
        anns.delete();
        holder.delete();
        soonOver.delete();
        assertThat(server.rows().violations()).isEmpty();
        assertThat(ann.get("/gpus?status=available").body().path("total").asInt())
                .isEqualTo(2);
    }

    private static String place(UserEnvironment environment) {
        var queue = environment.look().path("queue");
        return queue.path("position").asInt() + " of " + queue.path("waiting").asInt();
    }

    private static String request(String name, int gpus) {
        return UserEnvironment.request(name, "terminal", "simulated", gpus);
    }

    private static String waiting(String name, int gpus, String atMost) {
        var request = request(name, gpus);
        return request.substring(0, request.length() - 1) + ",\"wait\":true,\"wait_timeout\":\"" + atMost + "\"}";
    }
}
