package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The whole product: the launcher, the jar, its database and its Temporal server, and a Docker engine. */
class StandaloneIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Installation installation;
    private static Api admin;
    private static Api user;
    private static Terminal terminal;

    /** The walk-through that people are shown, on a fresh start. */
    @BeforeAll
    static void theWalkThroughWorksVerbatim() {
        installation = Installation.onTheTestEngine(folder.resolve("home"), Map.of());
        var nobody = installation.api();
        var registered = nobody.post("/users/register", """
                {"username":"test","email":"test@example.com","password":"123456"}""").expect(201);
        assertThat(registered.text("role")).isEqualTo("admin");
        var login = nobody.post("/users/login", """
                {"username":"test","password":"123456"}""").expect(200);
        assertThat(login.text("token_type")).isEqualTo("Bearer");
        admin = nobody.as(login.text("token"));
        admin.post("/hosts", """
                {"id":"host-001","name":"GPU Server 1","ip_address":"192.168.1.100"}""").expect(201);
        user = nobody.register("ann");
        terminal = new Terminal(folder.resolve("ann")).addTo(user);
    }

    @AfterAll
    static void nothingStays() {
        if (installation != null) {
            installation.close();
            assertThat(installation.server().processes()).isEmpty();
        }
    }

    /** What a failed test left would fail the next ones, too. */
    @AfterEach
    void nothingIsLeftToTheNextTest() {
        user.get("/environments")
                .body()
                .path("items")
                .forEach(left ->
                        user.delete("/environments/" + left.path("id").asString(""), "Prefer", UserEnvironment.WAIT));
    }

    @Test
    void aTerminalLivesThroughStopAndStartAndLeavesNothing() {
        var environment = UserEnvironment.running(user, UserEnvironment.request("term", "terminal", "docker", 0));
        String command = environment.sshCommand();
        assertThat(terminal.paste(command, environment, "echo kept > ~/proof; whoami"))
                .isEqualTo("dev");

        assertThat(environment.operate("stop").path("status").asString("")).isEqualTo("stopped");
        assertThat(installation.engine().containers()).doesNotContain(environment.id());
        assertThat(user.get("/quotas/usage").body().path("used").path("cpu").asInt(-1))
                .isZero();
        assertThat(user.get(environment.path() + "/access").expect(409).text("code"))
                .isEqualTo("invalid_state");

        assertThat(environment.operate("start").path("status").asString("")).isEqualTo("running");
        assertThat(environment.sshCommand()).as("the same port").isEqualTo(command);
        // ssh refuses when the host key is another one
        assertThat(terminal.paste(command, environment, "cat ~/proof")).isEqualTo("kept");
        installation.agrees();

        environment.delete();
        user.get(environment.path() + "/access").expect(404);
        user.get(environment.path() + "/events").expect(404);
        user.delete(environment.path()).expect(404);
        installation.hasNothingOf(environment);
        assertThat(user.get("/environments?status=deleted").expect(200).body().toString())
                .contains(environment.id().toString());
    }

    @Test
    void aLogIsFollowedThroughABrokenConnectionAStopAndAStart() {
        var environment = UserEnvironment.admitted(user, UserEnvironment.request("follow", "terminal", "docker", 0));
        try (var log = new FollowedLog(user, environment)) {
            environment.await("running");
            var command = environment.sshCommand();
            terminal.paste(command, environment, "echo mark-1 > /proc/1/fd/1");
            log.awaitLine("mark-1").leave();
            terminal.paste(command, environment, "for i in 2 3 4; do echo mark-$i; done > /proc/1/fd/1");
            log.comeBack();
            log.awaitLine("mark-4");

            environment.operate("stop");
            assertThat(log.awaitEnd()).isEqualTo("stopped");
            environment.operate("start");
            log.comeBack();
            terminal.paste(command, environment, "echo mark-5 > /proc/1/fd/1");
            log.awaitLine("mark-5");
            assertThat(log.linesWith("mark-")).containsExactly("mark-1", "mark-2", "mark-3", "mark-4", "mark-5");
        }
        environment.delete();
        installation.hasNothingOf(environment);
    }

    @Test
    void anIdeServesJupyterToTheHolderOfItsTokenOnly() throws Exception {
        var environment = UserEnvironment.running(user, UserEnvironment.request("ide", "ide", "docker", 0));
        var jupyter = environment.service("jupyter");
        String token = jupyter.path("token").asString("");
        String api = "http://%s:%d/api/contents"
                .formatted(
                        jupyter.path("host").asString(""), jupyter.path("port").asInt());

        assertThat(Api.browse(jupyter.path("url").asString("")).statusCode()).isEqualTo(200);
        assertThat(Api.browse(api, "Authorization", "token " + token).statusCode())
                .isEqualTo(200);
        assertThat(Api.browse(api).statusCode()).isEqualTo(403);
        assertThat(Api.browse(api, "Authorization", "token " + token.replace(token.charAt(0), '-'))
                        .statusCode())
                .isEqualTo(403);
        assertThat(terminal.paste(environment.sshCommand(), environment, "whoami"))
                .isEqualTo("dev");
        assertThat(user.get(environment.path() + "/logs").expect(200).body().toString())
                .contains("Jupyter Server");
        assertIsSecret(token, environment);
        environment.delete();
        installation.hasNothingOf(environment);
    }

    @Test
    void aDesktopAnswersVncWithItsPasswordAndRdp() throws Exception {
        var environment = UserEnvironment.running(user, UserEnvironment.request("desk", "desktop", "docker", 0));
        var vnc = environment.service("vnc");
        String password = vnc.path("password").asString("");
        String host = vnc.path("host").asString("");
        int port = vnc.path("port").asInt();

        assertThat(vnc.path("command").asString("")).isEqualTo("vncviewer " + host + "::" + port);
        assertThat(Handshakes.vncAccepts(host, port, password)).isTrue();
        for (int attempt = 0; attempt < 6; attempt++) {
            assertThat(Handshakes.vncAccepts(host, port, "wrong")).isFalse();
        }
        assertThat(Handshakes.vncAccepts(host, port, password))
                .as("others' attempts lock nobody out")
                .isTrue();
        var rdp = environment.service("rdp");
        assertThat(rdp.path("command").asString(""))
                .isEqualTo("xfreerdp /u:dev /v:" + host + ":" + rdp.path("port").asInt());
        assertThat(rdp.path("password").asString("")).isEqualTo(password);
        assertThat(Handshakes.rdpConfirms(host, rdp.path("port").asInt())).isTrue();
        assertThat(terminal.paste(environment.sshCommand(), environment, "whoami"))
                .isEqualTo("dev");
        assertIsSecret(password, environment);
        environment.delete();
        installation.hasNothingOf(environment);
    }

    @Test
    void aTrainingBoxServesTensorBoard() {
        var environment = UserEnvironment.running(user, UserEnvironment.request("train", "training", "docker", 0));

        var page = Api.browse(environment.service("tensorboard").path("url").asString(""));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("TensorBoard");
        assertThat(terminal.paste(environment.sshCommand(), environment, "whoami"))
                .isEqualTo("dev");
        environment.delete();
        installation.hasNothingOf(environment);
    }

    @Test
    void anEnvironmentIsItsOwnersOnly() {
        var environment = UserEnvironment.running(user, UserEnvironment.request("mine", "terminal", "docker", 0));
        var other = installation.api().register("bob");

        for (String route : new String[] {"", "/access", "/events"}) {
            installation.api().get(environment.path() + route).expect(401);
            other.get(environment.path() + route).expect(404);
        }
        for (String operation : new String[] {"/start", "/stop"}) {
            other.post(environment.path() + operation, "").expect(404);
        }
        other.delete(environment.path()).expect(404);
        assertThat(admin.get(environment.path() + "/access").status()).isIn(403, 404);
        assertThat(environment.status()).isEqualTo("running");
        environment.delete();
    }

    @Test
    void itIsStartedAndStoppedAgainAndAgain() {
        var environment = UserEnvironment.running(user, UserEnvironment.request("again", "terminal", "docker", 0));
        var operations = new HashSet<String>();
        for (int round = 0; round < 5; round++) {
            for (String operation : new String[] {"stop", "start"}) {
                var after = environment.operate(operation);
                assertThat(after.path("status").asString(""))
                        .as(after.toString())
                        .isEqualTo(operation.equals("stop") ? "stopped" : "running");
                operations.add(after.path("operation").path("id").asString(""));
            }
        }
        assertThat(operations).as("every operation is a run of its own").hasSize(10);
        assertThat(terminal.paste(environment.sshCommand(), environment, "whoami"))
                .isEqualTo("dev");
        environment.delete();
        installation.hasNothingOf(environment);
    }

    @Test
    void aPortThatSomebodyElseUsesIsLeftToThem() throws Exception {
        int next = installation.rows().nextPort();
        try (var stranger = new ServerSocket()) {
            stranger.setReuseAddress(true);
            try {
                stranger.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), next));
            } catch (java.net.BindException e) {
                // another stranger was first: as good
            }
            var environment = UserEnvironment.running(user, UserEnvironment.request("ported", "terminal", "docker", 0));

            assertThat(environment.service("ssh").path("port").asInt()).isNotEqualTo(next);
            assertThat(terminal.paste(environment.sshCommand(), environment, "whoami"))
                    .isEqualTo("dev");
            environment.delete();
            installation.hasNothingOf(environment);
        }
    }

    @Test
    void whatIsStillBeingCreatedRefusesAStopAndYieldsToADelete() {
        var environment = UserEnvironment.admitted(user, UserEnvironment.request("hasty", "ide", "docker", 0));

        var stop = user.post(environment.path() + "/stop", "");
        assertThat(stop.status()).as(stop.body().toString()).isEqualTo(409);
        assertThat(stop.text("detail")).contains("create");
        environment.delete();
        installation.hasNothingOf(environment);
    }

    /** It is in no other answer than its owner's access, and in no file of the installation. */
    private static void assertIsSecret(String secret, UserEnvironment environment) throws Exception {
        assertThat(secret).hasSizeGreaterThanOrEqualTo(8);
        for (Api api : new Api[] {user, admin}) {
            for (String path :
                    new String[] {environment.path(), environment.path() + "/events", "/environments", "/hosts", "/gpus"
                    }) {
                assertThat(api.get(path).http().body()).doesNotContain(secret);
            }
        }
        byte[] needle = secret.getBytes(StandardCharsets.US_ASCII);
        try (var files = Files.walk(installation.server().home())) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".jar"))
                    .toList()) {
                assertThat(contains(file, needle)).as(file.toString()).isFalse();
            }
        }
    }

    private static boolean contains(Path file, byte[] needle) throws Exception {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (java.nio.file.NoSuchFileException e) {
            return false; // PostgreSQL's and SQLite's files come and go
        }
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(new String(needle, StandardCharsets.ISO_8859_1));
    }
}
