package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The server is killed in the middle of things and started again on its folder: they finish, or nothing of them is held. */
class CrashIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Installation installation;
    private static Api user;
    private static Terminal terminal;

    @BeforeAll
    static void start() {
        installation = Installation.onTheTestEngine(folder.resolve("home"), Map.of());
        user = installation.api().register("admin");
        terminal = new Terminal(folder.resolve("admin")).addTo(user);
    }

    @AfterAll
    static void nothingStays() {
        if (installation != null) {
            installation.close();
        }
    }

    @Test
    void aCreateThatWasAdmittedIsFinishedByTheNextStart() {
        var environment = UserEnvironment.admitted(user, UserEnvironment.request("admitted", "terminal", "docker", 0));
        killAndStart();

        finishes(environment);
        environment.delete();
        installation.hasNothingOf(environment);
    }

    @Test
    void aCreateWhoseContainerIsThereAlreadyIsFinishedByTheNextStart() {
        var environment = UserEnvironment.admitted(user, UserEnvironment.request("half", "ide", "docker", 0));
        Eventually.until("a container", () -> installation.engine().containers().contains(environment.id()));
        killAndStart();

        finishes(environment);
        environment.delete();
        installation.hasNothingOf(environment);
    }

    @Test
    void aDeleteThatWasAdmittedIsFinishedByTheNextStart() {
        var environment = UserEnvironment.running(user, UserEnvironment.request("doomed", "terminal", "docker", 0));
        user.delete(environment.path()).expect(202);
        killAndStart();

        environment.gone();
        installation.hasNothingOf(environment);
    }

    private static void killAndStart() {
        var server = installation.server();
        server.kill();
        Eventually.until("no process outlives it", () -> server.processes().isEmpty());
        server.start();
    }

    /** Running and usable; or failed, for the host was away too long, and then it holds nothing. */
    private static void finishes(UserEnvironment environment) {
        var ended = Eventually.value(
                "the create ends",
                environment::look,
                view -> view.path("operation").path("outcome").asString("").length() > 0);
        if (ended.path("status").asString("").equals("running")) {
            assertThat(terminal.paste(environment.sshCommand(), environment, "whoami"))
                    .isEqualTo("dev");
        } else {
            assertThat(ended.path("status").asString("")).as(ended.toString()).isEqualTo("failed");
            assertThat(ended.path("failure").path("unreturned").size())
                    .as(ended.toString())
                    .isZero();
            assertThat(installation.engine().containers()).doesNotContain(environment.id());
            assertThat(installation.engine().volumes()).doesNotContain(environment.id());
        }
        installation.agrees();
    }
}
