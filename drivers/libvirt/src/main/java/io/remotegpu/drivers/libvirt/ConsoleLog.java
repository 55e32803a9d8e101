package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.EndOfStream;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.LogPart;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a machine wrote to its serial port: kernel, system and services. */
final class ConsoleLog {

    /** Colours, cursor movements and the like, which systemd and kernels send to consoles. */
    private static final Pattern TERMINAL_CONTROL =
            Pattern.compile("\\x1b\\[[0-9;?]*[ -/]*[@-~]|\\x1b[@-_c]|[\\x00-\\x08\\x0b-\\x1f\\x7f]");

    private static final Pattern POSITION = Pattern.compile("([0-9]{1,18})_([0-9]{1,18})");

    /** Before all lines: no file has that number. */
    private static final String NOTHING = "0_0";

    /** More than the log daemon keeps, unless it was told otherwise. */
    private static final int MOST_OLD_FILES = 9;

    /** The last lines, oldest first; none when there is no log. */
    static List<String> tail(Path file, int lines) throws IOException {
        if (lines < 1 || !Files.exists(file)) {
            return List.of();
        }
        var end = new EndOfStream(EnvironmentLogs.MOST_BYTES);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            // one byte more, which tells whether a line begins behind it
            long from = Math.max(0, in.length() - EnvironmentLogs.MOST_BYTES - 1);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            end.write(bytes);
        }
        return cleaned(last(end.lines(), lines));
    }

    /**
     * Reads on. A position is a file and how much of it was read: when the file is full, libvirt's log daemon gives it
     * another name and begins the next.
     */
    static LogPart after(Path file, @Nullable String position, int tail) throws IOException {
        while (true) {
            long newest = Files.exists(file) ? inode(file) : 0;
            LogPart part = part(file, position, tail);
            // else the names have moved meanwhile, which they do once in two megabytes
            if (newest == 0 || Files.exists(file) && inode(file) == newest) {
                return part;
            }
        }
    }

    private static LogPart part(Path file, @Nullable String position, int tail) throws IOException {
        List<Path> files = files(file);
        if (files.isEmpty()) {
            return new LogPart(position == null ? NOTHING : position, List.of());
        }
        var at = position == null ? null : POSITION.matcher(position);
        if (at == null || !at.matches()) {
            return end(files.getLast(), tail);
        }
        long known = Long.parseLong(at.group(1));
        long offset = Long.parseLong(at.group(2));
        for (int i = 0; i < files.size(); i++) {
            if (inode(files.get(i)) == known) {
                return from(files.subList(i, files.size()), offset);
            }
        }
        return from(files, 0);
    }

    /** What the log daemon has kept of it, oldest first. */
    private static List<Path> files(Path file) {
        return IntStream.rangeClosed(0, MOST_OLD_FILES)
                .map(i -> MOST_OLD_FILES - 1 - i)
                .mapToObj(i -> i < 0 ? file : file.resolveSibling(file.getFileName() + "." + i))
                .filter(Files::exists)
                .toList();
    }

    private static LogPart end(Path file, int tail) throws IOException {
        long length = Files.size(file);
        long from = Math.max(0, length - EnvironmentLogs.MOST_BYTES_OF_PART - 1);
        byte[] bytes = read(file, from, (int) (length - from));
        int finished = behindLastLine(bytes);
        var end = new EndOfStream(EnvironmentLogs.MOST_BYTES_OF_PART);
        end.write(Arrays.copyOf(bytes, finished));
        return new LogPart(position(file, from + finished), cleaned(last(end.lines(), tail)));
    }

    /** @param files the one that was read so far, and those after it */
    private static LogPart from(List<Path> files, long read) throws IOException {
        Path file = files.getFirst();
        long length = Files.size(file);
        // shorter than what was read: it is another one of that number, or was emptied
        long from = read > length ? 0 : read;
        byte[] bytes = read(file, from, (int) Math.min(length - from, EnvironmentLogs.MOST_BYTES_OF_PART));
        if (bytes.length == 0 && files.size() > 1) {
            return from(files.subList(1, files.size()), 0);
        }
        int finished = behindLastLine(bytes);
        // Nothing more comes to an old file; and a line that is longer than a part comes in several.
        if (finished == 0 && (files.size() > 1 || bytes.length == EnvironmentLogs.MOST_BYTES_OF_PART)) {
            finished = bytes.length;
        }
        return new LogPart(
                position(file, from + finished),
                cleaned(new String(bytes, 0, finished, StandardCharsets.UTF_8)
                        .lines()
                        .toList()));
    }

    private static byte[] read(Path file, long from, int length) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[length];
            in.seek(from);
            in.readFully(bytes);
            return bytes;
        }
    }

    private static int behindLastLine(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private static String position(Path file, long read) throws IOException {
        return inode(file) + "_" + read;
    }

    private static long inode(Path file) throws IOException {
        return (Long) Files.getAttribute(file, "unix:ino");
    }

    private static List<String> last(List<String> lines, int most) {
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    private static List<String> cleaned(List<String> lines) {
        return lines.stream()
                .map(line -> TERMINAL_CONTROL.matcher(line).replaceAll(""))
                .toList();
    }

    private ConsoleLog() {}
}
