package io.remotegpu.drivers.docker;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.testkit.Inside;
import io.remotegpu.drivers.testkit.InsideContainer;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** The real engine of {@code REMOTEGPU_TEST_DOCKER_HOST}, seen as an installation of its own that leaves nothing behind. */
final class TestEngine implements AutoCloseable {

    static final String CDI_KIND = "remotegpu.test/gpu";

    /** What the test's CDI specification puts into the container for each device. */
    private static final Pattern FAKE_GPU = Pattern.compile("(?m)^RG_GPU_(\\d+)=present$");

    private final DockerDriverSettings settings;
    private final DockerDriver driver;
    private final SshLogin login = new SshLogin();

    private TestEngine(String host) {
        String unique = "test-" + UUID.randomUUID().toString().substring(0, 8);
        settings = DockerDriverSettings.defaults(host, unique)
                .withNetwork("remotegpu-" + unique)
                .withGpus(new DockerDriverSettings.Gpus(GpuAccess.AUTO, CDI_KIND, GpuNaming.UUID));
        driver = new DockerDriver(settings);
    }

    /** Skips the test where there is no engine, unless all tests are asked for. */
    static TestEngine connect() {
        Map<String, String> env = System.getenv();
        String host = env.getOrDefault("REMOTEGPU_TEST_DOCKER_HOST", "");
        if (host.isBlank()) {
            String reason = "REMOTEGPU_TEST_DOCKER_HOST does not name a Docker engine";
            if ("true".equals(env.get("CI")) || "all".equals(env.get("REMOTEGPU_TEST_REQUIRE"))) {
                fail(reason);
            }
            abort(reason);
        }
        return new TestEngine(host);
    }

    DockerDriverSettings settings() {
        return settings;
    }

    DockerDriver driver() {
        return driver;
    }

    DockerClient client() {
        return driver.engine().client();
    }

    TestDeployments deployments() {
        return new TestDeployments(DeploymentMode.DOCKER, "1", List.of(login.authorizedKey()));
    }

    SshLogin login() {
        return login;
    }

    /** Runs a shell command as the user, over SSH. */
    SshLogin.Result ssh(Deployment deployment, String command) {
        return login.run(TestDeployments.ADDRESS, TestDeployments.port(deployment, Service.SSH), command);
    }

    Inside inside(Deployment deployment) {
        return new InsideContainer(command -> ssh(deployment, command), FAKE_GPU);
    }

    @Override
    public void close() {
        login.close();
        driver.list().forEach(driver::remove);
        try {
            client().removeNetworkCmd(settings.network()).exec();
        } catch (NotFoundException e) {
            // no test needed it
        }
        driver.close();
    }
}
