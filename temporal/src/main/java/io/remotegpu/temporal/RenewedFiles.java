package io.remotegpu.temporal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that are read again when they were replaced, by one thread of the process, which ends with it. */
final class RenewedFiles implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(RenewedFiles.class);
    private static final long LOOK_EVERY_SECONDS = 5;
    private static final ScheduledThreadPoolExecutor LOOKING = new ScheduledThreadPoolExecutor(1, work -> {
        var thread = new Thread(work, "temporal-certificates");
        thread.setDaemon(true);
        return thread;
    });

    /** Takes them up, or throws and leaves what there was. */
    @FunctionalInterface
    interface Reading {
        void read() throws IOException, GeneralSecurityException;
    }

    private final Reading reading;
    private final List<Path> files;
    private List<FileTime> seen;

    private RenewedFiles(Reading reading, List<Path> files, List<FileTime> seen) {
        this.reading = reading;
        this.files = files;
        this.seen = seen;
    }

    /** Reads them at once, and again when one was replaced. What cannot be read later is logged, and the old one kept. */
    static void read(Reading reading, Path... files) throws IOException, GeneralSecurityException {
        var all = List.of(files);
        // Before they are read: what is replaced meanwhile is read once too often.
        var dates = dates(all);
        reading.read();
        var _ = LOOKING.scheduleWithFixedDelay(
                new RenewedFiles(reading, all, dates), LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void run() {
        try {
            var now = dates(files);
            if (!now.equals(seen)) {
                seen = now;
                reading.read();
                LOG.info("{} were read again", files);
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            LOG.warn("{} cannot be read now, what was in them goes on: {}", files, unusable.toString());
        }
    }

    private static List<FileTime> dates(List<Path> files) throws IOException {
        var dates = new ArrayList<FileTime>();
        for (var file : files) {
            dates.add(Files.getLastModifiedTime(file));
        }
        return dates;
    }
}
