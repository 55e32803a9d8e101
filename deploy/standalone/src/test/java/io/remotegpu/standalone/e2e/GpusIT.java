package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** GPUs by CDI: the test engine's specification marks each device with a variable, so that we see which are inside. */
class GpusIT {

    private static final Pattern VISIBLE = Pattern.compile("(?m)^RG_GPU_(\\d+)=present$");
    private static final int GPUS = 4;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Installation installation;
    private static Api user;
    private static Terminal terminal;

    @BeforeAll
    static void aHostWithFourGpus() {
        assumeTrue(
                Runtime.getRuntime().availableProcessors() >= 2,
                "two environments at once need two processors, and this machine has one");
        installation = Installation.onTheTestEngine(
                folder.resolve("home"),
                Map.of(
                        "REMOTEGPU_DOCKER_CDI_KIND", "remotegpu.test/gpu",
                        "REMOTEGPU_DOCKER_GPU_ACCESS", "cdi",
                        "REMOTEGPU_DOCKER_GPU_NAMING", "index"));
        user = installation.api().register("admin");
        terminal = new Terminal(folder.resolve("admin")).addTo(user);
        var me = user.get("/users/me").expect(200).body();
        user.post("/quotas", """
                {"user_id":%d,"cpu":64,"memory":"256Gi","gpu":8,"storage":"1Ti","environment_quota":20}""".formatted(me.path("id").asLong())).expect(201);
        var host = user.get("/hosts").expect(200).body().path("items").get(0);
        for (int index = 0; index < GPUS; index++) {
            user.post("/gpus", """
                    {"host_id":"%s","gpu_index":%d,"model":"Fake","memory":"80Gi"}""".formatted(host.path("id").asString(""), index))
                    .expect(201);
        }
        awaitHeartbeatAfter(host.path("last_heartbeat").asString(""));
    }

    @AfterAll
    static void nothingStays() {
        if (installation != null) {
            installation.close();
        }
    }

    @Test
    void anEnvironmentSeesItsGpusAndNoOthers() {
        var one = UserEnvironment.running(user, UserEnvironment.request("one", "terminal", "docker", 1));
        var two = UserEnvironment.running(user, UserEnvironment.request("two", "terminal", "docker", 2));

        assertThat(one.gpuIndexes()).hasSize(1);
        assertThat(two.gpuIndexes()).hasSize(2).doesNotContainAnyElementsOf(one.gpuIndexes());
        assertThat(visibleIn(one)).isEqualTo(one.gpuIndexes());
        assertThat(visibleIn(two)).isEqualTo(two.gpuIndexes());
        assertThat(held(one)).isEqualTo(one.gpuIndexes());

        var refused = user.post("/environments", UserEnvironment.request("three", "terminal", "docker", 2))
                .expect(409);
        assertThat(refused.text("code")).isEqualTo("no_capacity");
        assertThat(refused.body().path("errors").toString()).contains("\"gpu\"").contains("1");
        installation.agrees();

        one.operate("stop");
        assertThat(held(one)).isEmpty();
        var three = UserEnvironment.running(user, UserEnvironment.request("three", "terminal", "docker", 2));
        assertThat(visibleIn(three)).isEqualTo(three.gpuIndexes());
        assertThat(three.gpuIndexes()).doesNotContainAnyElementsOf(two.gpuIndexes());
        assertThat(visibleIn(two)).isEqualTo(two.gpuIndexes());

        for (var environment : List.of(one, two, three)) {
            environment.delete();
            installation.hasNothingOf(environment);
        }
        assertThat(user.get("/gpus?status=available").body().path("total").asInt())
                .isEqualTo(GPUS);
    }

    @Test
    void withoutGpusNoneIsVisible() {
        var none = UserEnvironment.running(user, UserEnvironment.request("none", "terminal", "docker", 0));

        assertThat(visibleIn(none)).isEmpty();
        none.delete();
    }

    private static List<Integer> visibleIn(UserEnvironment environment) {
        return VISIBLE.matcher(terminal.paste(environment.sshCommand(), environment, "env"))
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .sorted()
                .toList();
    }

    /** By the list of GPUs, not by the environment's own answer. */
    private static List<Integer> held(UserEnvironment environment) {
        var gpus = user.get("/gpus").expect(200).body().path("items");
        return IntStream.range(0, gpus.size())
                .mapToObj(gpus::get)
                .filter(gpu -> gpu.path("allocated_to")
                        .asString("")
                        .equals(environment.id().toString()))
                .map(gpu -> gpu.path("gpu_index").asInt())
                .sorted()
                .toList();
    }

    /** The host's own reports name no GPUs; what was registered by hand must not go with them. */
    private static void awaitHeartbeatAfter(String last) {
        Eventually.until(
                "another heartbeat",
                () -> !user.get("/hosts")
                        .body()
                        .path("items")
                        .get(0)
                        .path("last_heartbeat")
                        .asString("")
                        .equals(last));
        assertThat(user.get("/gpus?status=available").body().path("total").asInt())
                .isEqualTo(GPUS);
    }
}
