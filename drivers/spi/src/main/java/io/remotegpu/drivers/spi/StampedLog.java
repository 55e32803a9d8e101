package io.remotegpu.drivers.spi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads on in a log whose engine writes before each line when it was written: for {@link EnvironmentLogs#logsAfter}.
 *
 * <p>A position names the last line that was read, by its time. What stands behind that line in the log comes next, whatever
 * its own time: output and errors are written down side by side, so their times are not always in order. Where the line is
 * not found any more, what is later comes next.
 */
public final class StampedLog {

    /** So many lines are looked at first, because engines find the end of a log at once, and a time by reading all before it. */
    private static final int NEAR = 1000;

    /** By how much times may be out of order, and more. */
    private static final Duration DISORDER = Duration.ofSeconds(1);

    private static final int LINE_END = '\n';

    /** Hands lines over in the log's order, as the engine has them, with their times. */
    @FunctionalInterface
    public interface Source {

        /**
         * @param tail the last so many lines; null for all
         * @param since what is older may be left out; null for nothing
         */
        void read(@Nullable Integer tail, @Nullable Instant since, Reader reader);
    }

    @FunctionalInterface
    public interface Reader {

        /** @return whether it wants more */
        boolean line(String stamped);
    }

    /**
     * The next part.
     *
     * @param run names the compute: that of another run is read from its beginning
     */
    public static LogPart read(String run, @Nullable String position, int tail, Source source) {
        var at = position == null ? null : Position.parse(position);
        if (at == null) {
            var newest = new Newest(run, tail);
            source.read(tail, null, newest);
            return newest.part();
        }
        if (!at.run.equals(run) || at.isBeginning()) {
            var all = new Behind(Position.beginning(run));
            source.read(null, null, all);
            return all.part();
        }
        var near = new Behind(at);
        source.read(NEAR, null, near);
        if (near.found || near.looked < NEAR) {
            return near.part();
        }
        var far = new Behind(at);
        source.read(null, at.time.minus(DISORDER), far);
        return far.part();
    }

    /** When there is no compute: the position stays, or is before whatever will be written. */
    public static LogPart none(@Nullable String position) {
        var at = position == null ? null : Position.parse(position);
        return new LogPart((at == null ? Position.beginning("none") : at).toString(), List.of());
    }

    /** Hands over the finished lines of a stream, until the reader has enough. */
    public static void lines(InputStream stream, Reader reader) throws IOException {
        var line = new ByteArrayOutputStream();
        byte[] chunk = new byte[16 * 1024];
        for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
            int from = 0;
            for (int at = 0; at < read; at++) {
                if (chunk[at] == LINE_END) {
                    add(line, chunk, from, at);
                    if (!reader.line(line.toString(StandardCharsets.UTF_8))) {
                        return;
                    }
                    line.reset();
                    from = at + 1;
                }
            }
            add(line, chunk, from, read);
        }
    }

    private static void add(ByteArrayOutputStream line, byte[] chunk, int from, int to) {
        line.write(chunk, from, Math.min(to - from, EnvironmentLogs.MOST_BYTES_OF_PART - line.size()));
    }

    /** @param count which one it is of the lines of that time; 0 for before all lines */
    private record Position(String run, Instant time, int count) {

        private static final Pattern TEXT =
                Pattern.compile("([0-9A-Za-z-]{1,64})_([0-9]{4}-[0-9T:.-]{11,25}Z)_([0-9]{1,9})");

        static Position beginning(String run) {
            return new Position(run, Instant.EPOCH, 0);
        }

        static @Nullable Position parse(String text) {
            var parts = TEXT.matcher(text);
            var time = parts.matches() ? instant(parts.group(2)) : null;
            return time == null ? null : new Position(parts.group(1), time, Integer.parseInt(parts.group(3)));
        }

        boolean isBeginning() {
            return count == 0;
        }

        /** Behind a line that comes next. */
        Position then(Instant next) {
            return new Position(run, next, next.equals(time) ? count + 1 : 1);
        }

        @Override
        public String toString() {
            return run + "_" + time + "_" + count;
        }
    }

    private record Line(Instant time, String text) {

        /** Null for what is none of the log's: some engines put their own errors there. */
        static @Nullable Line parse(String stamped) {
            int space = stamped.indexOf(' ');
            var time = instant(space < 0 ? stamped.strip() : stamped.substring(0, space));
            return time == null ? null : new Line(time, space < 0 ? "" : withoutEnd(stamped.substring(space + 1)));
        }

        int bytes() {
            return text.getBytes(StandardCharsets.UTF_8).length + 1;
        }

        private static String withoutEnd(String text) {
            int end = text.length();
            while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
                end--;
            }
            return text.substring(0, end);
        }
    }

    private static @Nullable Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The last lines, as many as there is room for. */
    private static final class Newest implements Reader {

        private final ArrayDeque<Line> lines = new ArrayDeque<>();
        private final int most;
        private Position last;
        private int bytes;

        Newest(String run, int most) {
            this.most = most;
            this.last = Position.beginning(run);
        }

        @Override
        public boolean line(String stamped) {
            var line = Line.parse(stamped);
            if (line != null) {
                last = last.then(line.time);
                lines.add(line);
                bytes += line.bytes();
                while (lines.size() > most || bytes > EnvironmentLogs.MOST_BYTES_OF_PART && lines.size() > 1) {
                    bytes -= lines.removeFirst().bytes();
                }
            }
            return true;
        }

        LogPart part() {
            return new LogPart(last.toString(), lines.stream().map(Line::text).toList());
        }
    }

    /** What is behind a position. */
    private static final class Behind implements Reader {

        private final Position from;
        private final List<Line> lines = new ArrayList<>();
        private boolean found;
        private int looked;
        private int ofTheTime;
        private int bytes;
        private boolean full;

        Behind(Position from) {
            this.from = from;
            this.found = from.isBeginning();
        }

        @Override
        public boolean line(String stamped) {
            var line = Line.parse(stamped);
            if (line == null) {
                return true;
            }
            looked++;
            if (!found && line.time.equals(from.time) && ++ofTheTime == from.count) {
                found = true;
                lines.clear();
                bytes = 0;
                full = false;
                return true;
            }
            if (found || line.time.isAfter(from.time)) {
                return keep(line) || !found;
            }
            return true;
        }

        private boolean keep(Line line) {
            full = full || !lines.isEmpty() && bytes + line.bytes() > EnvironmentLogs.MOST_BYTES_OF_PART;
            if (!full) {
                lines.add(line);
                bytes += line.bytes();
            }
            return !full;
        }

        LogPart part() {
            var last = from;
            for (var line : lines) {
                last = last.then(line.time);
            }
            return new LogPart(last.toString(), lines.stream().map(Line::text).toList());
        }
    }

    private StampedLog() {}
}
