package io.remotegpu.activities.host;

import io.remotegpu.drivers.libvirt.Acceleration;
import io.remotegpu.drivers.libvirt.LibvirtDriverSettings;
import io.remotegpu.drivers.libvirt.LibvirtEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How libvirt on this machine is used.
 *
 * @param uri of its QEMU driver; {@code off} for no virtual machines; without, {@value LibvirtEngine#USUAL_URI} where the
 *     folder of images is
 * @param images where base images lie, as {@code deploy/images/vm/build.sh} makes them
 * @param machines where disks are kept; QEMU's user must be able to pass through its parents
 * @param acceleration what executes machines
 * @param gpus PCI address of each GPU that may be given to machines, by its UUID or its index
 * @param isolated whether machines are kept from reaching out; otherwise they reach this machine's loopback address, too
 * @param shutdownGrace how long a machine may take to shut down before it is switched off, which loses what it has not
 *     written yet
 * @param probeTimeout for one service to answer when an environment is looked at
 */
@Validated
@ConfigurationProperties("remotegpu.libvirt")
public record LibvirtSettings(
        @Nullable String uri,
        @DefaultValue("/var/lib/remotegpu/vm/images") Path images,
        @DefaultValue("/var/lib/remotegpu/vm/machines") Path machines,
        @DefaultValue("auto") Acceleration acceleration,
        @DefaultValue Map<String, String> gpus,
        @DefaultValue("true") boolean isolated,
        @DefaultValue("60s") Duration shutdownGrace,
        @DefaultValue("8s") Duration probeTimeout) {

    private static final String OFF = "off";
    private static final Path DEVICES = Path.of("/sys");

    public LibvirtSettings {
        gpus = Map.copyOf(gpus);
    }

    boolean isOff() {
        return OFF.equalsIgnoreCase(uri);
    }

    /** Whether somebody wants virtual machines here, rather than that there may be some. */
    boolean isWanted() {
        return uri != null && !isOff();
    }

    LibvirtDriverSettings driver(String installation) {
        return LibvirtDriverSettings.defaults(uri == null ? LibvirtEngine.USUAL_URI : uri, installation)
                .withFolders(images, machines)
                .withAcceleration(acceleration)
                .withGpus(gpus, DEVICES)
                .withIsolated(isolated)
                .withTimeouts(shutdownGrace, probeTimeout);
    }
}
