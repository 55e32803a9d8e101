package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A second host, whose agent is a process with nothing but the host's token. */
class AgentIT {

    private static final String HOST = "far-away";
    private static final String TWO_GPUS = """
            0, GPU-4f2e81a5-53a4-7a0c-bd93-4e4b6a1f2a10, NVIDIA H100 80GB HBM3, 81559, 550.54.15, Disabled, 34, 0, 1, 0, No, No, [N/A], 00000000:18:00.0
            1, GPU-77aa02c1-9d1e-52f7-0f57-2f1c6b0a9e33, NVIDIA H100 80GB HBM3, 81559, 550.54.15, Disabled, 61, 97, 70211, 0, No, No, [N/A], 00000000:3B:00.0
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Installation installation;
    private static Api user;
    private static Terminal terminal;
    private static String token;

    private final List<AgentProcess> agents = new ArrayList<>();

    @BeforeAll
    static void start() {
        Needs.agentJar();
        installation = Installation.onTheTestEngine(folder.resolve("home"), Map.of());
        user = installation.api().register("admin");
        terminal = new Terminal(folder.resolve("admin")).addTo(user);
        // Both hosts are this machine: their ports must not meet.
        token = user.post("/hosts", """
                {"id":"%s","name":"far away","ip_address":"127.0.0.1","port_min":32000,"port_max":32099}""".formatted(HOST)).expect(201).text("token");
    }

    @AfterAll
    static void nothingStays() {
        if (installation != null) {
            installation.close();
        }
    }

    @AfterEach
    void endAgents() {
        agents.forEach(AgentProcess::close);
    }

    @Test
    void anEnvironmentOnAHostWithAnAgentIsLikeAnyOther() {
        var agent = agent("one").start().awaitServing();
        assertThat(host().path("status").asString("")).isEqualTo("active");

        var environment = UserEnvironment.running(user, request("like-any-other", "ide", 0));

        assertThat(environment.look().path("host_id").asString("")).isEqualTo(HOST);
        assertThat(terminal.paste(environment.sshCommand(), environment, "echo kept > note; whoami"))
                .isEqualTo("dev");
        // The token came by way of the API, for the agent sees no database.
        var jupyter = environment.service("jupyter");
        var page = "http://127.0.0.1:" + jupyter.path("port").asInt() + "/api/contents";
        assertThat(Api.browse(page).statusCode()).isEqualTo(403);
        assertThat(Api.browse(
                                page,
                                "Authorization",
                                "token " + jupyter.path("token").asString(""))
                        .statusCode())
                .isEqualTo(200);
        assertThat(user.get(environment.path() + "/logs").expect(200).body().toString())
                .contains("Jupyter Server");
        try (var log = new FollowedLog(user, environment)) {
            log.awaitLine("Jupyter Server");
        }
        assertThat(environment.operate("stop").path("status").asString("")).isEqualTo("stopped");
        assertThat(environment.operate("start").path("status").asString("")).isEqualTo("running");
        assertThat(terminal.paste(environment.sshCommand(), environment, "cat note"))
                .isEqualTo("kept");
        environment.delete();
        installation.hasNothingOf(environment);

        assertThat(agent.interrupt()).isEqualTo(143);
        assertThat(agent.output()).contains("The agent has stopped").doesNotContain("xception", token);
    }

    @Test
    void anAgentThatIsKilledInTheMiddleOfADeployGoesOnWhenItIsStartedAgain() {
        var agent = agent("one").start().awaitServing();
        var environment = UserEnvironment.admitted(user, request("half", "ide", 0));
        Eventually.until("a container", () -> installation.engine().containers().contains(environment.id()));

        agent.kill();
        assertThat(environment.status()).isEqualTo("creating");
        agent.start().awaitServing();

        environment.await("running");
        assertThat(terminal.paste(environment.sshCommand(), environment, "whoami"))
                .isEqualTo("dev");
        environment.delete();
        installation.hasNothingOf(environment);
    }

    @Test
    void aSecondAgentIsRefusedAndLetInWhenTheFirstHasEnded() {
        var first = agent("one").start().awaitServing();

        var second = agent("two").start();
        assertThat(second.end()).isEqualTo(1);
        assertThat(second.output()).contains("Another agent has host '" + HOST + "'", "127.0.0.1");
        var same = agent("one").start();
        assertThat(same.end()).isEqualTo(1);
        assertThat(same.output()).contains("runs on this machine already");

        first.interrupt();
        agent("two").start().awaitServing();
    }

    @Test
    void aGpuThatItsHostNoLongerSeesIsInErrorAndStaysItsHolders() throws Exception {
        nvidiaSmi("cat <<'END'\n" + TWO_GPUS + "END");
        var agent = agent("one").start().awaitServing();
        assertThat(gpus("available")).isEqualTo(2);
        var environment = UserEnvironment.running(user, request("with-gpu", "terminal", 1));

        nvidiaSmi("echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18");
        Eventually.until("both GPUs are in error", () -> gpus("error") == 2);
        assertThat(environment.gpuIndexes()).hasSize(1);
        assertThat(environment.status()).isEqualTo("running");
        assertThat(host().toString()).contains("status 18: Failed to initialize NVML");
        assertThat(agent.output()).contains("Failed to initialize NVML");

        nvidiaSmi("cat <<'END'\n" + TWO_GPUS + "END");
        Eventually.until("the free one is available", () -> gpus("available") == 1);
        assertThat(gpus("allocated")).isEqualTo(1);
        assertThat(host().path("facts").path("gpu.1").asString("")).startsWith("61 °C, 97 % busy");
        environment.delete();
        assertThat(gpus("available")).isEqualTo(2);
        installation.hasNothingOf(environment);
    }

    @Test
    void aGpuOnWhichSomethingIsLeftIsGivenToNobodyUntilAnAdministratorSaysSo() throws Exception {
        nvidiaSmi("""
                case "$1" in
                  --query-compute-apps=*) echo 'GPU-4f2e81a5-53a4-7a0c-bd93-4e4b6a1f2a10, 4711, python, 300' ;;
                  *) cat <<'END'
                """ + TWO_GPUS + "END\n;;\nesac");
        agent("one").start().awaitServing();
        var environment = UserEnvironment.running(user, request("leaves-a-process", "terminal", 2));

        assertThat(environment.operate("stop").path("status").asString("")).isEqualTo("stopped");

        var error = user.get("/gpus?status=error").expect(200).body().path("items");
        assertThat(error).hasSize(1);
        assertThat(error.path(0).path("gpu_index").asInt()).isZero();
        assertThat(error.toString()).contains("after its use process 4711 (python) still runs on it");
        assertThat(gpus("available")).isEqualTo(1);
        nvidiaSmi("cat <<'END'\n" + TWO_GPUS + "END");
        user.send("PUT", "/gpus/" + error.path(0).path("id").asInt() + "/status", "{\"status\":\"available\"}")
                .expect(200);
        environment.delete();
        assertThat(gpus("available")).isEqualTo(2);
        installation.hasNothingOf(environment);
    }

    @Test
    void whatIsWrongIsSaidInWords() {
        var wrongToken = agent("words", "--token", "rgph_" + "x".repeat(43)).start();
        assertThat(wrongToken.end()).isEqualTo(1);
        assertThat(wrongToken.output()).contains("does not know this token");

        var wrongHost = agent("words", "--host-id", "nobody").start();
        assertThat(wrongHost.end()).isEqualTo(1);
        assertThat(wrongHost.output()).contains("not one of host 'nobody'");

        var noServer = agent("words", "--server", "http://127.0.0.1:9").start();
        noServer.awaitSaying("http://127.0.0.1:9 does not answer").awaitSaying("trying on");
        noServer.interrupt();

        var noTemporal = agent("words", "--temporal", "127.0.0.1:9").start();
        noTemporal.awaitSaying("127.0.0.1:9 does not answer").awaitSaying("trying on");
        noTemporal.interrupt();

        var noEngine = new AgentProcess(
                folder.resolve("words"), Map.of("DOCKER_HOST", "unix:///nowhere/docker.sock"), arguments());
        agents.add(noEngine);
        noEngine.start().awaitServing();
        assertThat(noEngine.output()).contains("no Docker engine answers at unix:///nowhere/docker.sock");
    }

    private static String request(String name, String type, int gpus) {
        return UserEnvironment.request(name, type, "docker", gpus).replaceFirst("}$", ",\"host_id\":\"" + HOST + "\"}");
    }

    private static JsonNode host() {
        return user.get("/hosts/" + HOST).expect(200).body();
    }

    private static int gpus(String status) {
        return user.get("/gpus?host_id=" + HOST + "&status=" + status)
                .expect(200)
                .body()
                .path("total")
                .asInt();
    }

    /** What plays NVIDIA's tool from now on. */
    private static void nvidiaSmi(String script) throws IOException {
        Path tools = Files.createDirectories(folder.resolve("bin"));
        Path half = Files.writeString(tools.resolve("half"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwx------"));
        Files.move(half, tools.resolve("nvidia-smi"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Later words win over earlier ones. */
    private AgentProcess agent(String home, String... further) {
        var arguments = new ArrayList<>(arguments());
        arguments.addAll(List.of(further));
        var agent = new AgentProcess(
                folder.resolve("agent-" + home),
                Map.of(
                        "DOCKER_HOST",
                        Needs.engine(),
                        "REMOTEGPU_DOCKER_NETWORK",
                        installation.server().network(),
                        // The test engine's fake devices.
                        "REMOTEGPU_DOCKER_CDI_KIND",
                        "remotegpu.test/gpu",
                        "REMOTEGPU_DOCKER_GPU_ACCESS",
                        "cdi",
                        "REMOTEGPU_DOCKER_GPU_NAMING",
                        "index",
                        "PATH",
                        folder.resolve("bin") + ":" + System.getenv("PATH")),
                arguments);
        agents.add(agent);
        return agent;
    }

    private static List<String> arguments() {
        return List.of(
                "--server",
                installation.server().url(),
                "--temporal",
                installation.server().temporal(),
                "--host-id",
                HOST,
                "--token",
                token);
    }
}
