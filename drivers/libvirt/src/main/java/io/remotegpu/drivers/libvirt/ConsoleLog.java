package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.EndOfStream;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What a machine wrote to its serial port: kernel, system and services. */
final class ConsoleLog {

    /** Colours, cursor movements and the like, which systemd and kernels send to consoles. */
    private static final Pattern TERMINAL_CONTROL =
            Pattern.compile("\\x1b\\[[0-9;?]*[ -/]*[@-~]|\\x1b[@-_c]|[\\x00-\\x08\\x0b-\\x1f\\x7f]");

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
        List<String> all = end.lines();
        return all.subList(Math.max(0, all.size() - lines), all.size()).stream()
                .map(line -> TERMINAL_CONTROL.matcher(line).replaceAll(""))
                .toList();
    }

    private ConsoleLog() {}
}
