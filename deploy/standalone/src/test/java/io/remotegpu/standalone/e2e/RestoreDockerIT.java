package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** As docs/operations.md says: the database of some minutes ago, an empty Temporal, and an engine that went on since. */
class RestoreDockerIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Installation installation;
    private static Api user;
    private static Terminal terminal;

    @BeforeAll
    static void start() {
        installation = Installation.onTheTestEngine(
                folder.resolve("home"), Map.of("REMOTEGPU_RECONCILER_EVERY", "1s", "REMOTEGPU_RECONCILER_GRACE", "2s"));
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
    void anOlderDatabaseIsBroughtTogetherWithWhatHappenedSince() throws IOException {
        var home = installation.server().home();
        // Never more than two at once: the machine may have no more cores.
        var deletedSince = running("deleted-since");
        deletedSince.operate("stop");
        var kept = running("kept");
        var stoppedSince = running("stopped-since");
        terminal.paste(stoppedSince.sshCommand(), stoppedSince, "echo precious > ~/file; sync");
        down();
        copy(home.resolve("postgres"), folder.resolve("backup"));
        installation.server().start();

        stoppedSince.operate("stop");
        deletedSince.delete();
        var createdSince = running("created-since");
        down();
        remove(home.resolve("postgres"));
        copy(folder.resolve("backup"), home.resolve("postgres"));
        remove(home.resolve("temporal"));
        installation.server().start();

        stoppedSince.await("failed");
        Eventually.until(
                "what nobody knows is stopped",
                () -> !installation.engine().running().contains(createdSince.id()));
        assertThat(installation.engine().volumes()).contains(createdSince.id());
        Eventually.until("only that is said", () -> checks().equals(Set.of("unknown_environment", "data_missing")));
        assertThat(installation.rows().violations()).isEmpty();
        assertThat(kept.status()).isEqualTo("running");
        assertThat(deletedSince.status()).isEqualTo("stopped");
        assertThat(terminal.paste(kept.sshCommand(), kept, "whoami")).isEqualTo("dev");

        stoppedSince.operate("start");
        assertThat(terminal.paste(stoppedSince.sshCommand(), stoppedSince, "cat ~/file"))
                .isEqualTo("precious");
        installation.engine().removeContainer(createdSince.id());
        installation.engine().removeVolumes(createdSince.id());
        // The data of one of them is gone, so the engine agrees with the rows only once all are.
        var all = List.of(kept, stoppedSince, deletedSince);
        all.forEach(UserEnvironment::delete);
        all.forEach(installation::hasNothingOf);
        Eventually.until("nothing is left to say", () -> checks().isEmpty());
    }

    private static UserEnvironment running(String name) {
        return UserEnvironment.running(user, UserEnvironment.request(name, "terminal", "docker", 0));
    }

    private static Set<String> checks() {
        var items = user.get("/reconciler/findings?state=open&page_size=100")
                .expect(200)
                .body()
                .path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path("check").asString(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void down() {
        installation.server().kill();
        Eventually.until(
                "no process outlives it",
                () -> installation.server().processes().isEmpty());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var copy = to.resolve(from.relativize(file).toString());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(copy, "unix:uid", Files.getAttribute(file, "unix:uid"));
                Files.setAttribute(copy, "unix:gid", Files.getAttribute(file, "unix:gid"));
            }
        }
    }

    private static void remove(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
