package io.remotegpu.drivers.libvirt;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How this installation uses libvirt on this host.
 *
 * @param uri of libvirt's QEMU driver on this host, for example {@code qemu:///system}
 * @param installation names this installation: two of them on one host do not see each other's environments
 * @param images where base images lie, one folder each: {@code <images>/remotegpu/terminal/1} for {@code remotegpu/terminal:1}
 * @param machines where disks are kept, one folder an environment; QEMU's user must be able to pass through its parents
 * @param acceleration what executes machines
 * @param gpuAddresses PCI address of each GPU that may be given to machines, by UUID or by index ({@code "0"}). From here,
 *     because a GPU that is bound to VFIO is invisible to {@code nvidia-smi}
 * @param sysfs where the kernel shows its devices
 * @param isolated whether machines are kept from reaching out; otherwise they reach what the host reaches, the host's own
 *     loopback included (as 10.0.2.2)
 * @param shutdownGrace how long a running machine may take to shut down before it is switched off, at least: an operating
 *     system ends all of its services and writes what it has in memory, and loses that otherwise
 * @param probeTimeout for one service to answer when an environment is observed; an emulated machine takes seconds to
 *     begin one session, and would never end with those that nobody waits for any more
 */
public record LibvirtDriverSettings(
        String uri,
        String installation,
        Path images,
        Path machines,
        Acceleration acceleration,
        Map<String, String> gpuAddresses,
        Path sysfs,
        boolean isolated,
        Duration shutdownGrace,
        Duration probeTimeout) {

    /** Where images and machines lie when nobody says otherwise. */
    public static final Path USUAL_FOLDER = Path.of("/var/lib/remotegpu/vm");

    public LibvirtDriverSettings {
        gpuAddresses = Map.copyOf(gpuAddresses);
        require(!uri.isBlank(), "URI", "an address such as qemu:///system", uri);
        require(
                installation.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}"),
                "installation",
                "1 to 64 of A-Z a-z 0-9 . _ -, without a dot in front",
                installation);
        require(images.isAbsolute(), "images folder", "an absolute path", images);
        require(machines.isAbsolute(), "machines folder", "an absolute path", machines);
        gpuAddresses.values().forEach(PciAddress::parse);
        require(!shutdownGrace.isNegative(), "shutdown grace", "0 or more", shutdownGrace);
        require(probeTimeout.isPositive(), "probe timeout", "positive", probeTimeout);
    }

    /** What fits most hosts; change single values with the {@code with…} methods. */
    public static LibvirtDriverSettings defaults(String uri, String installation) {
        return new LibvirtDriverSettings(
                uri,
                installation,
                USUAL_FOLDER.resolve("images"),
                USUAL_FOLDER.resolve("machines"),
                Acceleration.AUTO,
                Map.of(),
                Path.of("/sys"),
                false,
                Duration.ofSeconds(30),
                Duration.ofSeconds(8));
    }

    public LibvirtDriverSettings withFolders(Path images, Path machines) {
        return new LibvirtDriverSettings(
                uri,
                installation,
                images,
                machines,
                acceleration,
                gpuAddresses,
                sysfs,
                isolated,
                shutdownGrace,
                probeTimeout);
    }

    public LibvirtDriverSettings withAcceleration(Acceleration acceleration) {
        return new LibvirtDriverSettings(
                uri,
                installation,
                images,
                machines,
                acceleration,
                gpuAddresses,
                sysfs,
                isolated,
                shutdownGrace,
                probeTimeout);
    }

    public LibvirtDriverSettings withGpus(Map<String, String> gpuAddresses, Path sysfs) {
        return new LibvirtDriverSettings(
                uri,
                installation,
                images,
                machines,
                acceleration,
                gpuAddresses,
                sysfs,
                isolated,
                shutdownGrace,
                probeTimeout);
    }

    public LibvirtDriverSettings withIsolated(boolean isolated) {
        return new LibvirtDriverSettings(
                uri,
                installation,
                images,
                machines,
                acceleration,
                gpuAddresses,
                sysfs,
                isolated,
                shutdownGrace,
                probeTimeout);
    }

    public LibvirtDriverSettings withTimeouts(Duration shutdownGrace, Duration probeTimeout) {
        return new LibvirtDriverSettings(
                uri,
                installation,
                images,
                machines,
                acceleration,
                gpuAddresses,
                sysfs,
                isolated,
                shutdownGrace,
                probeTimeout);
    }

    private static void require(boolean holds, String name, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "libvirt driver: " + name + " must be " + expected + ", not '" + actual + "'");
        }
    }
}
