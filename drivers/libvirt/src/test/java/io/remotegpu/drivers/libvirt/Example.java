package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One deployment with everything in it, for tests without an engine. */
final class Example {

    static final LibvirtDriverSettings SETTINGS = LibvirtDriverSettings.defaults("qemu:///nowhere", "golden")
            .withGpus(Map.of("GPU-aa", "0000:3b:00.0", "3", "00000000:D8:00.0"), Path.of("/sys"));

    static final BaseImage IMAGE = new BaseImage(
            Path.of("/images/.versions/ide-1/disk.qcow2"),
            new BaseImage.DirectBoot(
                    Path.of("/images/.versions/ide-1/vmlinuz"),
                    Path.of("/images/.versions/ide-1/initrd.img"),
                    "root=/dev/vda rw console=ttyS0 a=\"<b>\""));

    static Deployment ide() {
        var spec = new EnvironmentSpec(
                "train-1",
                EnvironmentType.IDE,
                DeploymentMode.VM,
                2,
                4L << 30,
                2,
                50L << 30,
                "remotegpu/ide:1",
                Map.of("WANDB_MODE", "offline"),
                null,
                null,
                null,
                null,
                0);
        return new Deployment(
                UUID.fromString("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),
                "o'neill & co",
                spec,
                List.of(
                        new GpuDevice(1, "GPU-aa", "NVIDIA H100", 80L << 30),
                        new GpuDevice(3, null, "NVIDIA H100", 80L << 30)),
                List.of(
                        new PortBinding(Service.SSH, "10.0.0.7", 22001),
                        new PortBinding(Service.JUPYTER, "10.0.0.7", 22002)),
                new Credentials(List.of("ssh-ed25519 AAAAkey o'neill"), "jupytersecret", null));
    }

    static List<PciAddress> gpus() {
        return List.of(
                PciAddress.parse("0000:3b:00.0"), PciAddress.parse("0000:3b:00.1"), PciAddress.parse("0000:d8:00.0"));
    }

    private Example() {}
}
