package io.remotegpu.drivers.libvirt;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The real libvirt of {@code REMOTEGPU_TEST_LIBVIRT_URI} with the images of {@code REMOTEGPU_TEST_LIBVIRT_IMAGES} (or the
 * usual folder), seen as an installation of its own that leaves nothing behind.
 */
final class TestLibvirt implements AutoCloseable {

    private final LibvirtDriverSettings settings;
    private final LibvirtDriver driver;
    private final SshLogin login = new SshLogin();

    private TestLibvirt(String uri, Path images) {
        String unique = "test-" + UUID.randomUUID().toString().substring(0, 8);
        settings = LibvirtDriverSettings.defaults(uri, unique).withFolders(images, machinesFolder(unique));
        driver = new LibvirtDriver(settings);
    }

    /** Skips the test where there is no engine. */
    static TestLibvirt connect() {
        Map<String, String> env = System.getenv();
        String uri = env.getOrDefault("REMOTEGPU_TEST_LIBVIRT_URI", "");
        if (uri.isBlank()) {
            absent("REMOTEGPU_TEST_LIBVIRT_URI does not name a libvirt");
        }
        String images = env.getOrDefault("REMOTEGPU_TEST_LIBVIRT_IMAGES", "");
        return new TestLibvirt(
                uri, images.isBlank() ? LibvirtDriverSettings.USUAL_FOLDER.resolve("images") : Path.of(images));
    }

    /** Skips the test, or fails it where nothing may be missing. */
    static void absent(String reason) {
        Map<String, String> env = System.getenv();
        if ("all".equals(env.get("REMOTEGPU_TEST_REQUIRE")) || "true".equals(env.get("CI"))) {
            fail(reason);
        }
        abort(reason);
    }

    LibvirtDriverSettings settings() {
        return settings;
    }

    LibvirtDriver driver() {
        return driver;
    }

    /** Of the small guest. */
    TestDeployments deployments() {
        return new TestDeployments(DeploymentMode.VM, "mini", List.of(login.authorizedKey()));
    }

    /** Of the real images. */
    TestDeployments workplaces() {
        return new TestDeployments(DeploymentMode.VM, "1", List.of(login.authorizedKey()));
    }

    /** Runs a shell command as the user, over SSH. */
    SshLogin.Result ssh(Deployment deployment, String command) {
        return login.run(TestDeployments.ADDRESS, TestDeployments.port(deployment, Service.SSH), command);
    }

    @Override
    public void close() {
        login.close();
        driver.list().forEach(driver::remove);
        driver.close();
        try {
            Files.deleteIfExists(settings.machines().resolve(settings.installation()));
            Files.deleteIfExists(settings.machines());
        } catch (IOException e) {
            throw new UncheckedIOException("something was left in " + settings.machines(), e);
        }
    }

    /** Where QEMU's user can pass through. */
    private static Path machinesFolder(String name) {
        try {
            Path folder = Files.createDirectory(Path.of("/var/tmp/remotegpu-" + name));
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
