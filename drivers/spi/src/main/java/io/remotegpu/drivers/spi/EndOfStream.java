package io.remotegpu.drivers.spi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The last bytes of a stream of any length, as lines: for {@link EnvironmentLogs}. Never holds more than twice of what it is
 * for. Not thread-safe.
 */
public final class EndOfStream {

    private final int most;
    private final byte[] kept;
    private int length;
    /** Whether what is kept begins with a whole line. */
    private boolean whole = true;

    /** @param most bytes that {@link #lines} may have in all */
    public EndOfStream(int most) {
        this.most = most;
        this.kept = new byte[2 * most];
    }

    /** What comes next in the stream. */
    public void write(byte[] bytes) {
        if (bytes.length >= most) {
            int from = bytes.length - most;
            whole = from > 0 ? bytes[from - 1] == '\n' : beginsLine(length);
            System.arraycopy(bytes, from, kept, 0, most);
            length = most;
            return;
        }
        if (length + bytes.length > kept.length) {
            int from = length - most;
            whole = beginsLine(from);
            System.arraycopy(kept, from, kept, 0, most);
            length = most;
        }
        System.arraycopy(bytes, 0, kept, length, bytes.length);
        length += bytes.length;
    }

    /** Oldest first. A line whose beginning is lost is left out, unless it is the only one. */
    public List<String> lines() {
        int from = Math.max(0, length - most);
        if (!beginsLine(from)) {
            int next = nextLine(from);
            from = next < length ? next : from;
        }
        return new String(Arrays.copyOfRange(kept, from, length), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private boolean beginsLine(int at) {
        return at == 0 ? whole : kept[at - 1] == '\n';
    }

    private int nextLine(int from) {
        int at = from;
        while (at < length && kept[at] != '\n') {
            at++;
        }
        return at + 1;
    }
}
