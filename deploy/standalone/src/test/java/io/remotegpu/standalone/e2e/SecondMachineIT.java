package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A host that is another machine, with its own engine and network, of which the server knows its agent only. */
class SecondMachineIT {

    private static final String HOST = "second";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Machine machine;
    private static Installation installation;
    private static Relay server;
    private static Relay temporal;
    private static Engine engine;
    private static AgentProcess agent;
    private static Api user;
    private static Terminal terminal;

    @BeforeAll
    static void start() {
        machine = Needs.secondMachine();
        Needs.agentJar();
        installation = Installation.onTheTestEngine(folder.resolve("home"), Map.of());
        server = machine.reach(URI.create(installation.server().url()));
        temporal = machine.reach(URI.create("grpc://" + installation.server().temporal()));
        engine = new Engine(
                machine.engine(),
                installation.rows().installation(),
                installation.server().network());
        user = installation.api().register("admin");
        terminal = new Terminal(folder.resolve("admin")).addTo(user);
        String token = user.post("/hosts", """
                {"id":"%s","name":"the second machine","ip_address":"%s"}""".formatted(HOST, Machine.ADDRESS))
                .expect(201)
                .text("token");
        agent = new AgentProcess(
                        folder.resolve("agent"),
                        Map.of(
                                "DOCKER_HOST",
                                machine.engine(),
                                "REMOTEGPU_DOCKER_NETWORK",
                                installation.server().network()),
                        List.of(
                                "--server",
                                "http://" + server.address(),
                                "--temporal",
                                temporal.address(),
                                "--host-id",
                                HOST,
                                "--token",
                                token))
                .within(machine.run())
                .start()
                .awaitServing();
    }

    @AfterAll
    static void nothingStays() {
        try (var _ = installation;
                var _ = server;
                var _ = temporal;
                var _ = engine;
                var _ = agent) {
            if (machine != null) {
                machine.plugTheCableIn();
            }
        }
    }

    /** After a cut it offers nothing until its agent reaches Temporal again. */
    @BeforeEach
    void itOffersItsEngine() {
        Eventually.until(
                "host " + HOST + " offers Docker",
                () -> user.get("/hosts/" + HOST)
                        .expect(200)
                        .body()
                        .path("deployment_modes")
                        .toString()
                        .contains("docker"));
    }

    @Test
    void anEnvironmentLivesThereAndIsReachedThere() {
        var environment = UserEnvironment.running(user, request("elsewhere"));

        assertThat(environment.sshCommand()).contains(Machine.ADDRESS);
        assertThat(terminal.paste(environment.sshCommand(), environment, "echo kept > note; whoami"))
                .isEqualTo("dev");
        assertThat(engine.containers()).containsExactly(environment.id());
        assertThat(installation.engine().containers()).isEmpty();
        assertThat(environment.operate("stop").path("status").asString("")).isEqualTo("stopped");
        assertThat(engine.containers()).isEmpty();
        assertThat(environment.operate("start").path("status").asString("")).isEqualTo("running");
        assertThat(terminal.paste(environment.sshCommand(), environment, "cat note"))
                .isEqualTo("kept");
        environment.delete();
        isGone(environment);
    }

    @Test
    void whenTheNetworkIsCutInTheMiddleOfADeployItGoesOnAfterwards() {
        var environment = UserEnvironment.admitted(user, request("cut-off"));
        Eventually.until("a container", () -> engine.containers().contains(environment.id()));

        machine.pullTheCable();
        Workflows.awaitTimeout(installation.server().temporal(), environment.id());
        assertThat(environment.status()).isEqualTo("creating");
        machine.plugTheCableIn();

        environment.await("running");
        assertThat(terminal.paste(environment.sshCommand(), environment, "whoami"))
                .isEqualTo("dev");
        assertThat(engine.containers()).containsExactly(environment.id());
        environment.delete();
        isGone(environment);
    }

    @Test
    void whatIsDeletedWhileItsMachineIsCutOffIsHeldUntilItIsGoneThere() {
        var environment = UserEnvironment.running(user, request("unreachable"));

        machine.pullTheCable();
        user.delete(environment.path()).expect(202);
        Workflows.awaitTimeout(installation.server().temporal(), environment.id());
        assertThat(environment.status()).isEqualTo("deleting");
        assertThat(installation.rows().heldBy(environment.id())).isNotEmpty();
        assertThat(engine.containers()).containsExactly(environment.id());
        machine.plugTheCableIn();

        environment.gone();
        isGone(environment);
    }

    @Test
    void whenItsMachineWasSwitchedOffAnEnvironmentComesBackWithTheMachine() {
        var environment = UserEnvironment.running(user, request("switched-off"));
        terminal.paste(environment.sshCommand(), environment, "echo kept > note && sync");

        machine.switchOff();
        machine.switchOn();
        agent.start().awaitServing();

        Eventually.until("its container runs", () -> engine.running().contains(environment.id()));
        Eventually.until("it can be logged in to", () -> noteOf(environment).equals("kept"));
        assertThat(environment.status()).isEqualTo("running");
        assertThat(environment.operate("stop").path("status").asString("")).isEqualTo("stopped");
        environment.delete();
        isGone(environment);
    }

    /** Or why it cannot be read yet. */
    private static String noteOf(UserEnvironment environment) {
        try {
            return terminal.paste(environment.sshCommand(), environment, "cat note");
        } catch (AssertionError notYet) {
            return notYet.toString();
        }
    }

    private static void isGone(UserEnvironment environment) {
        assertThat(engine.containers()).isEmpty();
        assertThat(engine.volumes()).isEmpty();
        assertThat(installation.rows().heldBy(environment.id())).isEmpty();
        assertThat(installation.rows().violations()).isEmpty();
    }

    private static String request(String name) {
        return UserEnvironment.request(name, "terminal", "docker", 0)
                .replaceFirst("}$", ",\"host_id\":\"" + HOST + "\"}");
    }
}
