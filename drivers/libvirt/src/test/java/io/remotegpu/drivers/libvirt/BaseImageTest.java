package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseImageTest {

    @TempDir
    Path images;

    /** A tag may move to a newer version while disks stand on the older one. */
    @Test
    void aTagLeadsToTheVersionBehindIt() throws IOException {
        Path version = version("terminal-1");
        Path tag = images.resolve("remotegpu/terminal/1");
        Files.createDirectories(tag.getParent());
        Files.createSymbolicLink(tag, version);
        BaseImage image = BaseImage.find(images, "remotegpu/terminal:1");
        assertThat(image.disk()).isEqualTo(version.toRealPath().resolve("disk.qcow2"));
        assertThat(image.boot().arguments()).isEqualTo("root=/dev/vda");
    }

    @Test
    void anImageWithoutKernelStartsFromItsDisk() throws IOException {
        Path folder = Files.createDirectories(images.resolve("debian/latest"));
        Files.createFile(folder.resolve("disk.qcow2"));
        assertThat(BaseImage.find(images, "debian").boot()).isNull();
    }

    /** Its kernel must be the one that the disk has the modules of. */
    @Test
    void anExistingDiskStartsWithTheKernelThatItStandsOn() throws IOException {
        Path version = version("terminal-1");
        Path disk = overlay(version.resolve("disk.qcow2"));
        assertThat(BaseImage.under(disk).boot().kernel()).isEqualTo(version.resolve("vmlinuz"));
        assertThat(Qcow2Header.read(disk).virtualSize()).isEqualTo(3L << 30);
    }

    @Test
    void aDiskWhoseImageWasTakenAwaySaysSo() throws IOException {
        Path disk = overlay(images.resolve("gone/disk.qcow2"));
        assertThatThrownBy(() -> BaseImage.under(disk))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.IMAGE_NOT_FOUND))
                .hasMessageContaining("gone/disk.qcow2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"remotegpu/missing:1", "../etc:1", "a/../b:1", "/etc/passwd", "a b", "127.0.0.1:1/x:1"})
    void whatIsNotThereIsNotFound(String reference) {
        assertThatThrownBy(() -> BaseImage.find(images, reference))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.IMAGE_NOT_FOUND))
                .hasMessageContaining(reference);
    }

    @ParameterizedTest
    @CsvSource({
        "remotegpu/ide:1,ide'",
        "remotegpu/ide:mini,mini'",
        "remotegpu/desktop:2,--tag 2 desktop'",
        "debian:12,deploy/images/vm/README.md"
    })
    void whatIsNotBuiltSaysHowItIsBuilt(String reference, String remedy) {
        assertThatThrownBy(() -> BaseImage.find(images, reference)).hasMessageContaining(remedy);
        assertThatThrownBy(() -> BaseImage.find(images, "remotegpu/ide:1"))
                .hasMessageContaining("build.sh --folder " + images + " ide'");
    }

    private Path version(String name) throws IOException {
        Path folder = Files.createDirectories(images.resolve(".versions").resolve(name));
        Files.createFile(folder.resolve("disk.qcow2"));
        Files.createFile(folder.resolve("vmlinuz"));
        Files.writeString(folder.resolve("cmdline"), "root=/dev/vda\n");
        return folder;
    }

    /** The header as qemu-img writes it. */
    private Path overlay(Path backing) throws IOException {
        byte[] name = backing.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = ByteBuffer.allocate(512 + name.length);
        header.putInt(0x514649fb)
                .putInt(3)
                .putLong(512)
                .putInt(name.length)
                .putInt(16)
                .putLong(3L << 30);
        header.put(512, name);
        return Files.write(images.resolve("disk.qcow2"), header.array());
    }
}
