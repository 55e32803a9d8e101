package io.remotegpu.drivers.simulated;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a simulated engine outlives its process: a file for each environment, which is whole at every moment. For trials
 * that kill the process, as a real engine is not killed with us.
 */
final class EngineFolder {

    /** What is kept of one: its data, by being there, and its compute, if any. */
    record Kept(@Nullable SimulatedCompute compute, boolean started) {}

    private final Path folder;

    EngineFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    Map<UUID, Kept> load() {
        var kept = new HashMap<UUID, Kept>();
        try (var files = Files.newDirectoryStream(folder, "*-*-*-*-????????????")) {
            for (Path file : files) {
                var text = new Properties();
                try (var reader = Files.newBufferedReader(file)) {
                    text.load(reader);
                }
                String shape = text.getProperty("shape");
                kept.put(
                        UUID.fromString(file.getFileName().toString()),
                        new Kept(
                                shape == null
                                        ? null
                                        : new SimulatedCompute(shape, words(text, "places"), words(text, "gpus")),
                                Boolean.parseBoolean(text.getProperty("started"))));
            }
        } catch (IOException e) {
            throw failure(e);
        }
        return kept;
    }

    void keep(UUID id, Kept kept) {
        var text = new Properties();
        text.setProperty("started", Boolean.toString(kept.started));
        if (kept.compute != null) {
            text.setProperty("shape", kept.compute.shape());
            text.setProperty("places", String.join(",", kept.compute.places()));
            text.setProperty("gpus", String.join(",", kept.compute.gpus()));
        }
        try {
            Path half = Files.createTempFile(folder, "half", "");
            try (var writer = Files.newBufferedWriter(half)) {
                text.store(writer, null);
            }
            Files.move(half, file(id), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    void remove(UUID id) {
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** No engine minds that two have one GPU, so nobody would know: a line of {@code doubled.log} beside the folder. */
    void doubled(UUID one, UUID other, Set<String> gpus) {
        String line = Instant.now() + " " + folder.getFileName() + " ran " + one + " and " + other + " on GPUs " + gpus
                + " at the same time\n";
        try {
            Files.write(
                    folder.resolveSibling("doubled.log"),
                    line.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static Set<String> words(Properties text, String key) {
        String words = text.getProperty(key, "");
        return words.isEmpty() ? Set.of() : Set.of(words.split(","));
    }

    private Path file(UUID id) {
        return folder.resolve(id.toString());
    }

    private DriverException failure(IOException cause) {
        return new DriverException(
                ErrorKind.ENGINE_UNAVAILABLE, "simulated: the folder " + folder + " cannot be used: " + cause, cause);
    }
}
