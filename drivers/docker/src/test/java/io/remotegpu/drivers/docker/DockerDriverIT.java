package io.remotegpu.drivers.docker;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.testkit.EnvironmentDriverContract;
import io.remotegpu.drivers.testkit.Inside;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, against a real engine with four CDI devices. */
class DockerDriverIT extends EnvironmentDriverContract {

    private static TestEngine engine;

    @BeforeAll
    static void connect() {
        engine = TestEngine.connect();
    }

    @AfterAll
    static void close() {
        if (engine != null) {
            engine.close();
        }
    }

    @Override
    protected EnvironmentDriver driver() {
        return engine.driver();
    }

    @Override
    protected TestDeployments deployments() {
        return engine.deployments();
    }

    @Override
    protected Inside inside(Deployment deployment) {
        return engine.inside(deployment);
    }

    /** The engine's answers as it sent them: a typed client would show only what it knows. */
    @Override
    protected String engineMetadata(UUID id) {
        return raw("containers/" + Labels.container(id) + "/json")
                + raw("volumes/" + Labels.volume(id))
                + raw("containers/json?all=1")
                + raw("containers/" + Labels.container(id) + "/top")
                + engine.driver().logs(id, 1000);
    }

    @Override
    protected String missingImage() {
        return "127.0.0.1:1/remotegpu/missing:1";
    }

    @Override
    protected boolean bindsHostPorts() {
        return true;
    }

    @Override
    protected int gpuCount() {
        return engine.driver().engine().describe().cdi() ? 4 : 0;
    }

    private String raw(String path) {
        try (InputStream answer = EngineHttp.get(engine.settings().host(), path)) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
