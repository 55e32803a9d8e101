package io.remotegpu.standalone.bom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Advisories from a file: a zip of records in OSV's format, as OSV exports them for each ecosystem.
 *
 * @param records those about Maven artifacts that were not withdrawn
 * @param newest when the newest record of the file was changed, RFC 3339
 */
record Advisories(List<Advisory> records, String newest) {

    /**
     * @throws IllegalArgumentException when it is no such file, or says nothing about Maven's artifacts: silence would pass for
     *     safety
     */
    static Advisories read(Path file) {
        var records = new ArrayList<Advisory>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : zip.stream()
                    .filter(each -> each.getName().endsWith(".json"))
                    .toList()) {
                try (var stream = zip.getInputStream(entry)) {
                    records.add(Advisory.of(JsonMapper.shared().readTree(stream)));
                } catch (JacksonException noJson) {
                    throw new IllegalArgumentException(
                            entry.getName() + " in " + file + " cannot be read: fetch the file anew", noJson);
                }
            }
        } catch (IOException broken) {
            throw new IllegalArgumentException(file + " cannot be read as a zip file: " + broken, broken);
        }
        var newest = records.stream().map(Advisory::modified).max(Comparator.naturalOrder());
        var ours = records.stream().filter(each -> !each.affected().isEmpty()).toList();
        if (ours.isEmpty()) {
            throw new IllegalArgumentException(file + " has no advisory about Maven's artifacts in OSV's format in it: "
                    + "take OSV's export for Maven, all.zip");
        }
        return new Advisories(ours, newest.orElse(""));
    }
}
