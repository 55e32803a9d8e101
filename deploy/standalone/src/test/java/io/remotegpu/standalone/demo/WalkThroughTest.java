package io.remotegpu.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.standalone.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalkThroughTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void itWalksThroughTheWholeLifeAndGivesTheKeyBack() throws Exception {
        try (var api = new FakeApi()) {
            try (var walk = walk(api.url())) {
                walk.run();
            }
            assertThat(api.requests())
                    .containsSubsequence(
                            "POST /users/register",
                            "POST /users/login",
                            "POST /users/me/ssh-keys",
                            "POST /environments",
                            "POST /environments/e1/stop",
                            "POST /environments/e1/start",
                            "DELETE /environments/e1",
                            "DELETE /users/me/ssh-keys/5")
                    .containsOnlyOnce("DELETE /environments/e1");
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("create an environment", "e1 on sim-1", "no ssh", "the admin");
    }

    @Test
    void itMakesAsManyEnvironmentsAsItIsAskedFor() throws Exception {
        try (var api = new FakeApi()) {
            try (var walk = walk(api.url(), 3)) {
                walk.run();
            }
            assertThat(api.requests()).filteredOn("POST /environments"::equals).hasSize(3);
            assertThat(api.requests())
                    .filteredOn("DELETE /environments/e1"::equals)
                    .hasSize(3);
            assertThat(api.requests()).containsOnlyOnce("POST /users/login");
        }
    }

    @Test
    void aUserThatExistsLogsIn() throws Exception {
        try (var api = new FakeApi()) {
            api.registered = true;
            try (var walk = walk(api.url())) {
                walk.run();
            }
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("is registered already");
    }

    @Test
    void anEnvironmentThatFailsIsGivenBack() throws Exception {
        try (var api = new FakeApi()) {
            api.afterCreate = "failed";
            try (var walk = walk(api.url())) {
                assertThatThrownBy(walk::run)
                        .isInstanceOf(DemoException.class)
                        .hasMessageContaining("the environment failed: no room");
            }
            assertThat(api.requests()).contains("DELETE /environments/e1", "DELETE /users/me/ssh-keys/5");
        }
    }

    @Test
    void noServerIsSaidInWords() throws Exception {
        try (var walk = walk(URI.create("http://127.0.0.1:1"))) {
            assertThatThrownBy(walk::run).hasMessageContaining("nothing answers at http://127.0.0.1:1");
        }
    }

    @Test
    void theAccountLastsAndIsItsOwnersSecret() throws Exception {
        Path file = folder.resolve("keys").resolve("demo-account");
        Account account = Account.keptIn(file);

        assertThat(Account.keptIn(file)).isEqualTo(account);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private WalkThrough walk(URI url) throws Exception {
        return walk(url, 1);
    }

    private WalkThrough walk(URI url, int times) throws Exception {
        var console = new Console(new PrintStream(said, true, StandardCharsets.UTF_8));
        Path keys = Files.createDirectories(folder.resolve("ssh"));
        return new WalkThrough(
                new DemoOptions(url, "simulated", 1, times),
                new Account("demo-1", "secret"),
                new ApiClient(url),
                new SshClient(keys),
                console);
    }
}
