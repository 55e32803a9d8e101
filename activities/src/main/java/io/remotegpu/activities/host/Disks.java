package io.remotegpu.activities.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How full the disks are that environments use, where engines usually have their data; of these the fullest is told. */
final class Disks {

    private static final Logger LOG = LoggerFactory.getLogger(Disks.class);
    private static final List<Path> USUAL =
            List.of(Path.of("/"), Path.of("/var/lib/docker"), Path.of("/var/lib/containerd"));

    private final List<Path> folders;

    private record Use(Path folder, long used, long free) {

        /** As df counts: what only root may use is neither used nor free. */
        int percent() {
            return used + free == 0 ? 0 : (int) Math.ceilDiv(used * 100, used + free);
        }

        String words() {
            return percent() + " % of " + ((used + free) >> 30) + " GiB used at " + folder;
        }
    }

    private Disks(List<Path> folders) {
        this.folders = folders;
    }

    /** @param machines where virtual machines' disks are, if there may be any */
    static Disks of(@Nullable Path machines) {
        return new Disks(
                Stream.concat(USUAL.stream(), Stream.ofNullable(machines)).toList());
    }

    static Disks at(Path... folders) {
        return new Disks(List.of(folders));
    }

    /** In words, and for the alert on what is full; nothing where nothing can be seen. */
    Map<String, String> facts() {
        Use fullest = null;
        for (Path folder : folders) {
            Use use = look(folder);
            if (use != null && (fullest == null || use.percent() > fullest.percent())) {
                fullest = use;
            }
        }
        return fullest == null
                ? Map.of()
                : Map.of("disk", fullest.words(), "disk.used_percent", String.valueOf(fullest.percent()));
    }

    private static @Nullable Use look(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                return null;
            }
            var store = Files.getFileStore(folder);
            return new Use(folder, store.getTotalSpace() - store.getUnallocatedSpace(), store.getUsableSpace());
        } catch (IOException unseen) {
            LOG.debug("How full {} is cannot be seen", folder, unseen);
            return null;
        }
    }
}
