package io.remotegpu.standalone.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that a server leaves where people, backups and other programs see it: rows, logs, workflows' histories. */
final class Remains {

    private final Map<String, String> byPlace = new TreeMap<>();

    static Remains of(Server server) {
        var remains = new Remains();
        // Bytes as characters: a search for ASCII finds what is in the histories' SQLite files, too.
        remains.addFolder(server.home().resolve("logs"));
        remains.addFolder(server.home().resolve("temporal"));
        remains.addFolder(server.home().resolve("run"));
        remains.add(server.home().resolveSibling(server.home().getFileName() + ".log"));
        server.rows().everything().forEach((table, rows) -> remains.byPlace.put("table " + table, rows));
        return remains;
    }

    /** Where each of these texts is found, by its name; nothing is what it should be. */
    Map<String, List<String>> placesOf(Map<String, String> texts) {
        var found = new LinkedHashMap<String, List<String>>();
        texts.forEach((name, text) -> {
            var places = byPlace.entrySet().stream()
                    .filter(place -> place.getValue().contains(text))
                    .map(Map.Entry::getKey)
                    .toList();
            if (!places.isEmpty()) {
                found.put(name, places);
            }
        });
        return found;
    }

    private void addFolder(Path folder) {
        try (var files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(this::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Path file) {
        try {
            byPlace.put("file " + file, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
