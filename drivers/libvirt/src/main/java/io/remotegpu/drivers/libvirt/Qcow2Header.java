package io.remotegpu.drivers.libvirt;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a qcow2 file (https://www.qemu.org/docs/master/interop/qcow2.html).
 *
 * @param virtualSize bytes that the machine sees
 * @param backing the file that has what was never written here; null when there is none
 */
record Qcow2Header(long virtualSize, @Nullable Path backing) {

    private static final int MAGIC = 0x514649fb; // "QFI\xfb"
    private static final int LONGEST_NAME = 1023;

    static Qcow2Header read(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < 32 || in.readInt() != MAGIC) {
                throw new IOException(file + " is not a qcow2 image");
            }
            in.skipBytes(4); // version
            long nameAt = in.readLong();
            int nameLength = in.readInt();
            in.skipBytes(4); // bits of a cluster
            long size = in.readLong();
            if (nameAt == 0) {
                return new Qcow2Header(size, null);
            }
            if (nameLength < 1 || nameLength > LONGEST_NAME) {
                throw new IOException(file + " names its backing file in " + nameLength + " bytes: it is damaged");
            }
            byte[] name = new byte[nameLength];
            in.seek(nameAt);
            in.readFully(name);
            return new Qcow2Header(size, file.resolveSibling(new String(name, StandardCharsets.UTF_8)));
        }
    }
}
