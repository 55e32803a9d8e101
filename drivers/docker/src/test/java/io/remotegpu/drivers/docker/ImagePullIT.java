package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.NotFoundException;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImagePullIT {

    private TestEngine engine;
    private SmallRegistry registry;

    @BeforeEach
    void connect() throws IOException {
        engine = TestEngine.connect();
        registry = new SmallRegistry();
    }

    @AfterEach
    void close() {
        if (engine != null) {
            registry.close();
            engine.close();
        }
    }

    @Test
    void anAbsentImageIsPulledAndTheProgressTold() {
        String image = registry.image("pulled");
        List<String> reports = new ArrayList<>();
        Deployment one = with(image);
        try {
            // It holds no program, so that the deployment ends there: not for want of the image.
            assertFails(one, ErrorKind.INVALID_SPEC, message -> {
                reports.add(message);
                if (message.endsWith(" MB")) {
                    registry.sendSecondHalf();
                }
            });
            assertThat(reports)
                    .anyMatch(report -> report.matches("pulling image " + image + ": \\d of 8 MB"))
                    .anyMatch(report -> report.startsWith("starting container"));
            assertThat(engine.client().inspectImageCmd(image).exec().getId()).startsWith("sha256:");

            List<String> again = new ArrayList<>();
            assertFails(one, ErrorKind.INVALID_SPEC, again::add);
            assertThat(again).as("now it is there").noneMatch(report -> report.startsWith("pulling"));
        } finally {
            engine.driver().remove(one.id());
            engine.client().removeImageCmd(image).withForce(true).exec();
        }
    }

    @Test
    void aPullCanBeAbandoned() {
        String image = registry.image("pulled");
        assertThatThrownBy(() -> engine.driver().deploy(with(image), message -> {
                    if (message.endsWith(" MB")) {
                        throw new IllegalStateException("abandoned");
                    }
                }))
                .hasMessage("abandoned");
        assertThatThrownBy(() -> engine.client().inspectImageCmd(image).exec()).isInstanceOf(NotFoundException.class);
    }

    @Test
    void anImageThatTheRegistryDoesNotHaveIsNotFound() {
        assertFails(with(registry.image("unknown")), ErrorKind.IMAGE_NOT_FOUND, Progress.silent());
    }

    @Test
    void anImageThatNeedsALoginIsDenied() {
        assertFails(with(registry.image("locked")), ErrorKind.PERMISSION_DENIED, Progress.silent());
    }

    @Test
    void aReferenceThatIsNoneIsAnInvalidSpec() {
        assertFails(with("Not//an image"), ErrorKind.INVALID_SPEC, Progress.silent());
    }

    private Deployment with(String image) {
        return TestDeployments.withImage(engine.deployments().terminal(), image);
    }

    private void assertFails(Deployment deployment, ErrorKind kind, Progress progress) {
        assertThatThrownBy(() -> engine.driver().deploy(deployment, progress))
                .isInstanceOfSatisfying(
                        DriverException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
                .hasMessageNotContaining("Status ");
    }
}
