package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** This machine with a libvirt, and no Docker: the same life, through the same API, as anywhere else. */
class VirtualMachineIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static String uri;
    private static Path machines;
    private static Server server;
    private static Api user;
    private static Terminal terminal;

    @BeforeAll
    static void libvirtAsTheOnlyPlace() throws IOException {
        uri = Needs.libvirt();
        Path images = Needs.machineImages();
        // QEMU runs as another user, who must be able to pass through.
        machines = Files.createTempDirectory(
                Path.of("/var/tmp"),
                "remotegpu-e2e-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        server = new Server(
                folder.resolve("home"),
                "unix://" + folder.resolve("absent.sock"),
                Map.of(
                        "REMOTEGPU_LIBVIRT_URI",
                        uri,
                        "REMOTEGPU_LIBVIRT_IMAGES",
                        images.toString(),
                        "REMOTEGPU_LIBVIRT_MACHINES",
                        machines.toString(),
                        "REMOTEGPU_IMAGES_VM_TERMINAL",
                        "remotegpu/terminal:mini",
                        "REMOTEGPU_IMAGES_VM_DESKTOP",
                        "remotegpu/desktop:never-built"));
        server.start();
        user = server.api().register("admin");
        terminal = new Terminal(folder.resolve("admin")).addTo(user);
    }

    @AfterAll
    static void nothingStays() throws IOException {
        if (server != null) {
            server.close();
        }
        if (machines != null) {
            for (UUID left : environmentsWithFolder()) {
                virsh("destroy", "remotegpu-" + left);
                virsh("undefine", "remotegpu-" + left);
            }
            try (var files = Files.walk(machines)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void theHostSaysWhatItsMachinesRunOn() {
        var host = user.get("/hosts").expect(200).body().path("items").path(0);

        assertThat(host.path("deployment_modes").toString()).isEqualTo("[\"vm\"]");
        assertThat(host.path("facts").path("libvirt").asString("")).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(host.path("facts").path("qemu").asString("")).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(host.path("facts").path("vm_acceleration").asString("")).matches("(kvm|emulation): .+");
    }

    @Test
    void aTerminalLivesThroughStopAndStartAndLeavesNothing() throws IOException {
        var environment = UserEnvironment.running(user, UserEnvironment.request("term", "terminal", "vm", 0));
        String command = environment.sshCommand();
        assertThat(terminal.paste(command, environment, "echo kept > ~/proof; whoami"))
                .isEqualTo("dev");
        assertThat(virsh("list", "--all", "--name")).contains("remotegpu-" + environment.id());
        assertThat(environmentsWithFolder()).containsExactly(environment.id());

        assertThat(environment.operate("stop").path("status").asString("")).isEqualTo("stopped");
        assertThat(virsh("list", "--all", "--name")).doesNotContain(environment.id() + "");
        assertThat(environmentsWithFolder()).as("its disk stays").containsExactly(environment.id());
        environment.operate("start");
        environment.await("running");
        assertThat(environment.sshCommand()).as("the same port").isEqualTo(command);
        assertThat(terminal.paste(command, environment, "cat ~/proof")).isEqualTo("kept");
        assertThat(user.get(environment.path() + "/logs").expect(200).body().toString())
                .contains("mini guest is up");
        try (var log = new FollowedLog(user, environment)) {
            log.awaitLine("mini guest is up");
        }

        environment.delete();
        assertThat(virsh("list", "--all", "--name")).doesNotContain(environment.id() + "");
        assertThat(environmentsWithFolder()).isEmpty();
        assertThat(server.rows().heldBy(environment.id())).isEmpty();
        assertThat(server.rows().violations()).isEmpty();
    }

    @Test
    void anImageThatIsNotBuiltFailsWithTheCommandThatBuildsIt() {
        var environment = UserEnvironment.admitted(user, UserEnvironment.request("desk", "desktop", "vm", 0));

        var failed = Eventually.value(
                "it has failed",
                environment::look,
                view -> view.path("status").asString("").equals("failed"));

        assertThat(failed.path("failure").path("reason").asString(""))
                .contains("deploy/images/vm/build.sh", "--tag never-built desktop");
        environment.delete();
        assertThat(server.rows().heldBy(environment.id())).isEmpty();
    }

    /** Whatever installation they are of: the folder is this test's. */
    private static Set<UUID> environmentsWithFolder() throws IOException {
        try (var files = Files.walk(machines, 2)) {
            return new TreeSet<>(files.filter(file -> file.getNameCount() == machines.getNameCount() + 2)
                    .map(file -> UUID.fromString(file.getFileName().toString()))
                    .toList());
        }
    }

    private static String virsh(String... words) throws IOException {
        var command = new java.util.ArrayList<>(List.of("virsh", "-c", uri));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes());
    }
}
