package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.libvirt.Acceleration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LibvirtSettingsTest {

    static LibvirtSettings bound(Map<String, String> properties) {
        var source = new MapConfigurationPropertySource(properties.entrySet().stream()
                .collect(Collectors.toMap(entry -> "remotegpu.libvirt." + entry.getKey(), Map.Entry::getValue)));
        return new Binder(source).bindOrCreate("remotegpu.libvirt", LibvirtSettings.class);
    }

    @Test
    void theDefaultsAreTheFoldersThatImagesAreBuiltInto() {
        var driver = bound(Map.of()).driver("an-installation");

        assertThat(driver.uri()).isEqualTo("qemu:///system");
        assertThat(driver.installation()).isEqualTo("an-installation");
        assertThat(driver.images()).isEqualTo(Path.of("/var/lib/remotegpu/vm/images"));
        assertThat(driver.machines()).isEqualTo(Path.of("/var/lib/remotegpu/vm/machines"));
        assertThat(driver.acceleration()).isEqualTo(Acceleration.AUTO);
        assertThat(driver.gpuAddresses()).isEmpty();
        assertThat(driver.isolated()).isTrue();
        assertThat(driver.shutdownGrace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(driver.probeTimeout()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void whatIsSetReachesTheDriver() {
        var driver = bound(Map.of(
                        "uri", "qemu:///session",
                        "images", "/srv/images",
                        "machines", "/srv/machines",
                        "acceleration", "emulation",
                        "gpus.0", "0000:3b:00.0",
                        "gpus[GPU-aa]", "0000:d8:00.0",
                        "isolated", "false",
                        "shutdown-grace", "5m",
                        "probe-timeout", "9s"))
                .driver("an-installation");

        assertThat(driver.uri()).isEqualTo("qemu:///session");
        assertThat(driver.images()).isEqualTo(Path.of("/srv/images"));
        assertThat(driver.machines()).isEqualTo(Path.of("/srv/machines"));
        assertThat(driver.acceleration()).isEqualTo(Acceleration.EMULATION);
        assertThat(driver.gpuAddresses()).isEqualTo(Map.of("0", "0000:3b:00.0", "GPU-aa", "0000:d8:00.0"));
        assertThat(driver.isolated()).isFalse();
        assertThat(driver.shutdownGrace()).isEqualTo(Duration.ofMinutes(5));
        assertThat(driver.probeTimeout()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void anAddressThatIsNoneIsRefusedByName() {
        assertThatThrownBy(() -> bound(Map.of("gpus.0", "the first")).driver("an-installation"))
                .hasMessageContaining("the first");
    }

    @Test
    void offIsNotWanted() {
        assertThat(bound(Map.of("uri", "off")).isOff()).isTrue();
        assertThat(bound(Map.of("uri", "off")).isWanted()).isFalse();
        assertThat(bound(Map.of()).isOff()).isFalse();
        assertThat(bound(Map.of()).isWanted()).isFalse();
        assertThat(bound(Map.of("uri", "qemu:///system")).isWanted()).isTrue();
    }
}
