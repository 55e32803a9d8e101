package io.remotegpu.drivers.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The last bytes of a stream of any length, as lines; never holds more than twice of what it is for. */
final class EndOfStream {

    private final int most;
    private final byte[] kept;
    private int length;
    private boolean cut;

    EndOfStream(int most) {
        this.most = most;
        this.kept = new byte[2 * most];
    }

    void write(byte[] bytes) {
        int count = Math.min(bytes.length, most);
        cut |= count < bytes.length;
        if (length + count > kept.length) {
            int stays = most - count;
            System.arraycopy(kept, length - stays, kept, 0, stays);
            length = stays;
            cut = true;
        }
        System.arraycopy(bytes, bytes.length - count, kept, length, count);
        length += count;
    }

    /** Oldest first. A line whose beginning is lost is left out, unless it is the only one. */
    List<String> lines() {
        int from = Math.max(0, length - most);
        if (from > 0 || cut) {
            int end = nextLine(from);
            from = end < length ? end : from;
        }
        return new String(Arrays.copyOfRange(kept, from, length), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private int nextLine(int from) {
        int at = from;
        while (at < length && kept[at] != '\n') {
            at++;
        }
        return at + 1;
    }
}
