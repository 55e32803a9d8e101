package io.remotegpu.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes the right to mount, as root has it on most machines. */
class DiskIT {

    private static final byte[] A_MEBIBYTE = new byte[1 << 20];

    @TempDir
    Path folder;

    @Test
    void oneInMemoryTakesNothingMoreWhileItIsFull() throws IOException, InterruptedException {
        Path place = folder.resolve("disk");
        try (var disk = MemoryDisk.at(place)) {
            assumeTrue(disk != null, "no file system can be mounted here");
            takesNothingMoreUntilItIsFreed(disk, place);
        }
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void oneInAFileTakesNothingMoreWhileItIsFull() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "there are no loop devices here");
        Path place = folder.resolve("disk");
        try (var disk = LoopDisk.at(place, folder.resolve("file"))) {
            takesNothingMoreUntilItIsFreed(disk, place);
        }
        assertThat(place).isEmptyDirectory();
    }

    private static void takesNothingMoreUntilItIsFreed(Disk disk, Path place) throws IOException, InterruptedException {
        Path kept = Files.write(place.resolve("kept"), A_MEBIBYTE);

        disk.fill();

        assertThatThrownBy(() -> Files.write(place.resolve("more"), A_MEBIBYTE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");
        disk.free();

        assertThat(Files.write(place.resolve("more"), A_MEBIBYTE)).hasSize(A_MEBIBYTE.length);
        assertThat(kept).hasSize(A_MEBIBYTE.length);
    }
}
