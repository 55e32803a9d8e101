package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Containers end, and workflows are lost, behind a real server's back: it says so, and the rows become true again. */
class ReconcilerDockerIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Installation installation;
    private static Api user;

    @BeforeAll
    static void start() {
        installation = Installation.onTheTestEngine(
                folder.resolve("home"), Map.of("REMOTEGPU_RECONCILER_EVERY", "1s", "REMOTEGPU_RECONCILER_GRACE", "2s"));
        user = installation.api().register("admin");
    }

    @AfterAll
    static void nothingStays() {
        if (installation != null) {
            installation.close();
        }
    }

    @Test
    void aContainerThatWasRemovedIsSaidAndItsEnvironmentStartsAgain() {
        var environment = UserEnvironment.running(user, UserEnvironment.request("ended", "terminal", "docker", 0));
        installation.engine().removeContainer(environment.id());

        environment.await("failed");
        assertThat(environment.look().path("failure").path("code").asString("")).isEqualTo("ended");
        assertThat(installation.rows().heldBy(environment.id())).noneMatch(held -> held.startsWith("host"));
        Eventually.until(
                "the finding is closed",
                () -> user.get("/reconciler/findings?state=closed&environment_id=" + environment.id())
                                .body()
                                .path("total")
                                .asInt()
                        == 1);
        environment.operate("start");
        assertThat(installation.engine().containers()).contains(environment.id());
        environment.delete();
        installation.hasNothingOf(environment);
    }

    @Test
    void aHostSaysWhatItsEngineDoesNotLimit() {
        var environment = UserEnvironment.running(user, UserEnvironment.request("open", "terminal", "docker", 0));
        var limited = installation.engine().limitsHome(environment.id());
        Eventually.until("its host says whether home folders have limits", () -> saysHomesAreOpen() != limited);
        environment.delete();
    }

    private static boolean saysHomesAreOpen() {
        var hosts = user.get("/hosts").expect(200).body().path("items");
        assertThat(hosts.size()).isEqualTo(1);
        return hosts.path(0).path("facts").has("unguarded.docker.home");
    }

    @Test
    void anOperationWhoseWorkflowIsLostIsFinished() {
        var environment = UserEnvironment.running(user, UserEnvironment.request("lost", "terminal", "docker", 0));
        user.delete(environment.path()).expect(202);
        Workflows.terminate(installation.server().temporal(), environment.id());

        Eventually.until("it is deleted", () -> user.get(environment.path()).status() == 404);
        installation.hasNothingOf(environment);
    }
}
