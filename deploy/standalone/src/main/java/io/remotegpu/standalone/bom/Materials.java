package io.remotegpu.standalone.bom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bill of materials in CycloneDX's JSON.
 *
 * @param document as it was written
 * @param libraries by name
 */
record Materials(String document, List<Library> libraries) {

    /** Where a jar carries its own, which is where Spring Boot's plugins put it. */
    private static final String IN_JAR = "META-INF/sbom/application.cdx.json";

    /**
     * Of the program that runs.
     *
     * @throws IllegalArgumentException when it was built without
     */
    static Materials own() {
        try (var stream = Materials.class.getClassLoader().getResourceAsStream(IN_JAR)) {
            return read(stream, "this program");
        } catch (IOException broken) {
            throw unreadable("this program", broken);
        }
    }

    /**
     * Of a jar that carries its own, or a file that is one.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static Materials of(Path file) {
        if (!file.toString().endsWith(".jar")) {
            try (var stream = Files.newInputStream(file)) {
                return read(stream, file.toString());
            } catch (IOException broken) {
                throw unreadable(file.toString(), broken);
            }
        }
        try (var jar = new ZipFile(file.toFile())) {
            var entry =
                    jar.stream().filter(each -> each.getName().endsWith(IN_JAR)).findFirst();
            try (var stream = entry.isEmpty() ? null : jar.getInputStream(entry.get())) {
                return read(stream, file.toString());
            }
        } catch (IOException broken) {
            throw unreadable(file.toString(), broken);
        }
    }

    private static Materials read(@Nullable InputStream stream, String where) throws IOException {
        if (stream == null) {
            throw new IllegalArgumentException(where + " carries no bill of materials (" + IN_JAR
                    + "), which Maven makes only when it is not offline: build it anew, without -o");
        }
        var document = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        try {
            var bom = JsonMapper.shared().readTree(document);
            if (!bom.path("bomFormat").asString("").equals("CycloneDX")) {
                throw new IllegalArgumentException(where + " is no bill of materials in CycloneDX's JSON");
            }
            return new Materials(
                    document,
                    StreamSupport.stream(bom.path("components").spliterator(), false)
                            .map(Library::of)
                            .sorted(Comparator.comparing(Library::name).thenComparing(Library::version))
                            .toList());
        } catch (JacksonException noJson) {
            throw unreadable(where, noJson);
        }
    }

    private static IllegalArgumentException unreadable(String where, Exception broken) {
        return new IllegalArgumentException("the bill of materials of " + where + " cannot be read: " + broken, broken);
    }
}
