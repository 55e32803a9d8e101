package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.PortBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who is connected to a machine: its ports are QEMU's own on this host, so the host's table of connections has them. */
final class OpenConnections {

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final Duration LONGER_THAN_A_KNOCK = Duration.ofSeconds(1);
    private static final String ESTABLISHED = "01";

    /**
     * How many connections there are; those that are over within a second, as our own look at the services is, do not
     * count. Null where the host does not tell.
     */
    static @Nullable Integer of(List<PortBinding> services) {
        if (!Files.isReadable(TABLES.getFirst())) {
            return null;
        }
        var ports = services.stream().map(PortBinding::port).collect(Collectors.toUnmodifiableSet());
        var first = look(ports);
        if (first.isEmpty()) {
            return 0;
        }
        try {
            Thread.sleep(LONGER_THAN_A_KNOCK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, "looking at who is connected was interrupted", e);
        }
        first.retainAll(look(ports));
        return first.size();
    }

    private static Set<String> look(Set<Integer> ports) {
        var open = new HashSet<String>();
        for (var table : TABLES) {
            if (!Files.isReadable(table)) {
                continue;
            }
            try (Stream<String> lines = Files.lines(table)) {
                lines.skip(1).forEach(line -> connection(line, ports, open));
            } catch (IOException e) {
                throw FileErrors.explain("reading " + table, e);
            }
        }
        return open;
    }

    /** {@code sl local_address rem_address st …}, addresses as hexadecimal address:port. */
    static void connection(String line, Set<Integer> ports, Set<String> open) {
        String[] words = line.strip().split("\\s+", 5);
        if (words.length < 5 || !words[3].equals(ESTABLISHED)) {
            return;
        }
        String ours = words[1];
        if (ports.contains(Integer.parseInt(ours.substring(ours.lastIndexOf(':') + 1), 16))) {
            open.add(ours + "-" + words[2]);
        }
    }

    private OpenConnections() {}
}
