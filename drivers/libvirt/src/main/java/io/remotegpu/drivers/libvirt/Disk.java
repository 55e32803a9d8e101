package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A machine's disk: what it wrote, over a base image that stays as it is. */
final class Disk {

    private static final long MEGABYTE = 1L << 20;
    private static final int PATIENCE_SECONDS = 60;

    /** Makes the disk, or lets an existing one grow; never makes one smaller. The machine must not run. */
    static void ensure(MachineFolder folder, BaseImage image, long storage) throws IOException {
        // What the image itself needs comes on top: the user gets what was asked for.
        long size = ceiling(Qcow2Header.read(image.disk()).virtualSize() + storage);
        Path disk = folder.disk();
        if (Files.exists(disk)) {
            if (Qcow2Header.read(disk).virtualSize() < size) {
                qemuImg("resize", "-q", disk.toString(), Long.toString(size));
            }
            return;
        }
        Path fresh = disk.resolveSibling(disk.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        qemuImg(
                "create",
                "-q",
                "-f",
                "qcow2",
                "-F",
                "qcow2",
                "-b",
                image.disk().toString(),
                fresh.toString(),
                Long.toString(size));
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        Files.move(fresh, disk, StandardCopyOption.ATOMIC_MOVE);
    }

    private static long ceiling(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE * MEGABYTE;
    }

    private static void qemuImg(String... arguments) throws IOException {
        String doing = "qemu-img " + arguments[0];
        Process process;
        try {
            process = new ProcessBuilder(Stream.concat(Stream.of("qemu-img"), Arrays.stream(arguments))
                            .toList())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new DriverException(
                    ErrorKind.UNSUPPORTED,
                    doing + " cannot be run on this host (" + e.getMessage() + "): install the package qemu-utils",
                    e);
        }
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, doing + " does not end: is the host's disk slow?");
            }
            if (process.exitValue() != 0) {
                throw new IOException(doing + " failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, doing + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private Disk() {}
}
