package io.remotegpu.drivers.libvirt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * A disc image with a few small files in its root folder (ECMA-119, which is ISO 9660). Written here, because every tool
 * for it would need the secrets as files on the host first.
 *
 * <p>Without any extension of the format: Linux shows the upper case names of such a disc in lower case. All sectors have
 * 2048 bytes: 16 volume descriptor, 17 its terminator, 18 and 19 path tables, 20 root folder, from 21 on the files.
 */
final class IsoImage {

    private static final int SECTOR = 2048;
    private static final int DESCRIPTOR = 16;
    private static final int PATH_TABLE = 18;
    private static final int ROOT = 20;
    private static final int FIRST_FILE = 21;
    private static final int PATH_TABLE_BYTES = 10;
    private static final int LONGEST_NAME = 30;

    /**
     * @param label of the volume
     * @param files content by name; names of lower case letters, digits and hyphens
     */
    static byte[] of(String label, SortedMap<String, byte[]> files) {
        Map<String, Integer> places = new LinkedHashMap<>();
        int next = FIRST_FILE;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!file.getKey().matches("[a-z0-9-]{1," + LONGEST_NAME + "}")) {
                throw new IllegalArgumentException("a disc cannot carry the name " + file.getKey());
            }
            places.put(file.getKey(), next);
            next += sectors(file.getValue().length);
        }
        ByteBuffer image = ByteBuffer.allocate(next * SECTOR);
        describe(image, label, next);
        // A path table lists the root folder alone; one for either order of bytes.
        pathTable(image, PATH_TABLE, ByteOrder.LITTLE_ENDIAN);
        pathTable(image, PATH_TABLE + 1, ByteOrder.BIG_ENDIAN);
        image.position(ROOT * SECTOR);
        entry(image, new byte[] {0}, ROOT, SECTOR, true); // the folder itself
        entry(image, new byte[] {1}, ROOT, SECTOR, true); // its parent
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            byte[] name = (file.getKey().toUpperCase(Locale.ROOT) + ";1").getBytes(StandardCharsets.US_ASCII);
            int place = places.getOrDefault(file.getKey(), 0);
            entry(image, name, place, file.getValue().length, false);
            image.put(place * SECTOR, file.getValue());
        }
        if (image.position() > (ROOT + 1) * SECTOR) {
            throw new IllegalArgumentException("too many files for one sector: " + files.size());
        }
        return image.array();
    }

    private static void describe(ByteBuffer image, String label, int sectors) {
        image.position(DESCRIPTOR * SECTOR);
        image.put((byte) 1).put(ascii("CD001")).put((byte) 1).put((byte) 0);
        text(image, "", 32); // system
        text(image, label, 32);
        image.position(DESCRIPTOR * SECTOR + 80);
        both(image, sectors);
        image.position(DESCRIPTOR * SECTOR + 120);
        both(image, (short) 1); // volumes in the set
        both(image, (short) 1); // number of this one
        both(image, (short) SECTOR);
        both(image, PATH_TABLE_BYTES);
        image.order(ByteOrder.LITTLE_ENDIAN).putInt(PATH_TABLE).putInt(0);
        image.order(ByteOrder.BIG_ENDIAN).putInt(PATH_TABLE + 1).putInt(0);
        entry(image, new byte[] {0}, ROOT, SECTOR, true);
        text(image, "", 128 + 128 + 128); // volume set, publisher, preparer
        text(image, "REMOTEGPU", 128);
        text(image, "", 37 + 37 + 37); // copyright, abstract, bibliography
        for (int date = 0; date < 4; date++) {
            image.put(ascii("0".repeat(16))).put((byte) 0); // not given
        }
        image.put((byte) 1);
        image.position((DESCRIPTOR + 1) * SECTOR);
        image.put((byte) 255).put(ascii("CD001")).put((byte) 1);
    }

    private static void pathTable(ByteBuffer image, int sector, ByteOrder order) {
        image.position(sector * SECTOR);
        image.order(order).put((byte) 1).put((byte) 0).putInt(ROOT).putShort((short) 1);
        image.put((byte) 0).put((byte) 0);
    }

    private static void entry(ByteBuffer image, byte[] name, int sector, int bytes, boolean folder) {
        int length = 33 + name.length + (name.length % 2 == 0 ? 1 : 0);
        int start = image.position();
        image.put((byte) length).put((byte) 0);
        both(image, sector);
        both(image, bytes);
        // 1 January 2000: the same content, the same image
        image.put(new byte[] {100, 1, 1, 0, 0, 0, 0});
        image.put((byte) (folder ? 2 : 0)).put((byte) 0).put((byte) 0);
        both(image, (short) 1);
        image.put((byte) name.length).put(name);
        image.position(start + length);
    }

    private static void both(ByteBuffer image, int value) {
        image.order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .order(ByteOrder.BIG_ENDIAN)
                .putInt(value);
    }

    private static void both(ByteBuffer image, short value) {
        image.order(ByteOrder.LITTLE_ENDIAN)
                .putShort(value)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(value);
    }

    private static void text(ByteBuffer image, String text, int length) {
        image.put(ascii(text + " ".repeat(length - text.length())));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int sectors(int bytes) {
        return Math.max(1, (bytes + SECTOR - 1) / SECTOR);
    }

    private IsoImage() {}
}
