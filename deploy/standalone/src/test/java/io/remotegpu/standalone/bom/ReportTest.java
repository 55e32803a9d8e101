package io.remotegpu.standalone.bom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Which versions advisories are about, by records in OSV's format of vulnerabilities that were, and some made up. */
class ReportTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        // last_affected in several ranges, one of each line of releases
        "log4j, org.apache.logging.log4j:log4j-core, 2.14.1,     GHSA-jfh8-c2jp-5v3q, 2.15.0",
        "log4j, org.apache.logging.log4j:log4j-core, 2.0-beta9,  GHSA-jfh8-c2jp-5v3q, 2.3.1",
        "log4j, org.apache.logging.log4j:log4j-core, 2.3.1,      ,",
        "log4j, org.apache.logging.log4j:log4j-core, 2.4,        GHSA-jfh8-c2jp-5v3q, 2.12.2",
        "log4j, org.apache.logging.log4j:log4j-core, 2.12.2,     ,",
        "log4j, org.apache.logging.log4j:log4j-core, 2.15.0-rc1, GHSA-jfh8-c2jp-5v3q, 2.15.0",
        "log4j, org.apache.logging.log4j:log4j-core, 2.15.0,     ,",
        "log4j, org.apache.logging.log4j:log4j-core, 1.2.17,     ,",
        "log4j, org.apache.logging.log4j:log4j-api,  2.14.1,     ,",
        // from the beginning, before a qualified version; listed by itself
        "text4shell, org.apache.commons:commons-text, 1.5,    GHSA-599f-7c49-w659, 1.10.0",
        "text4shell, org.apache.commons:commons-text, 1.9,    GHSA-599f-7c49-w659, 1.10.0",
        "text4shell, org.apache.commons:commons-text, 1.4,    ,",
        "text4shell, org.apache.commons:commons-text, 1.10.0, ,",
        "snakeyaml, org.yaml:snakeyaml, 1.33,       GHSA-mjmj-j48q-9wg2, 2.0",
        "snakeyaml, org.yaml:snakeyaml, 2.0,        ,",
        "last, org.example:last, 1.0,         EXAMPLE-LAST, none yet",
        "last, org.example:last, 1.9.5,       EXAMPLE-LAST, none yet",
        "last, org.example:last, 1.10,        ,",
        "last, org.example:last, 3.0-special, EXAMPLE-LAST, none yet",
        "withdrawn, org.example:fine, 1.0, ,",
    })
    void aVersionThatIsAffectedIsFoundAndOneThatIsFixedIsNot(
            String about, String name, String version, String id, String fixedIn) throws IOException {
        var report = report(new Library(name, version, "", List.of()), about, "log4j");

        if (id == null) {
            assertThat(report.findings()).isEmpty();
            assertThat(report.exitStatus()).isZero();
        } else {
            var finding = report.findings().getFirst();
            assertThat(report.findings()).hasSize(1);
            assertThat(finding.advisory().id()).isEqualTo(id);
            assertThat(finding.advisory().fixedIn(finding.library())).isEqualTo(fixedIn);
            assertThat(report.exitStatus()).isEqualTo(1);
        }
    }

    @Test
    void aFindingIsToldToPeopleAndToPrograms() throws IOException {
        var report = report(
                new Library("org.yaml:snakeyaml", "1.33", "pkg:maven/org.yaml/snakeyaml@1.33", List.of()),
                "snakeyaml",
                "log4j");
        assertThat(report.text())
                .contains(
                        "org.yaml:snakeyaml 1.33  high",
                        "GHSA-mjmj-j48q-9wg2 CVE-2022-1471 SnakeYaml Constructor Deserialization Remote Code Execution",
                        "-> fixed in: 2.0",
                        "1 vulnerabilities are known of 1 libraries; 2 advisories, the newest of 2024-");
        var json = JsonMapper.shared().readTree(report.json());
        assertThat(json.path("exit_status").asInt()).isEqualTo(1);
        assertThat(json.path("findings").get(0).path("aliases").get(0).asString())
                .isEqualTo("CVE-2022-1471");
        assertThat(json.path("findings").get(0).path("fixed_in").asString()).isEqualTo("2.0");
    }

    @Test
    void whatSomebodyAcceptedIsCountedOnly() throws IOException {
        var library = new Library("org.yaml:snakeyaml", "1.33", "", List.of());
        var materials = new Materials("", List.of(library));
        var report = Report.of(materials, Advisories.read(file("snakeyaml")), List.of("CVE-2022-1471"));
        assertThat(report.exitStatus()).isZero();
        assertThat(report.text()).contains("No vulnerability is known", "beside 1 accepted");
    }

    @Test
    void aJarAndItsBillOfMaterialsAreTheSame() throws IOException {
        var own = ownMaterials();
        var document = Files.writeString(folder.resolve("bom.json"), own.document());
        var jar = zip(Map.of("BOOT-INF/classes/META-INF/sbom/application.cdx.json", own.document()), "some.jar");
        assertThat(Materials.of(document)).isEqualTo(own);
        assertThat(Materials.of(jar)).isEqualTo(own);
        assertThat(own.libraries()).extracting(Library::name).contains("org.postgresql:postgresql");
    }

    @Test
    void whatSaysNothingIsNotTakenForSafety() throws IOException {
        var text = Files.writeString(folder.resolve("all.zip"), "no zip");
        assertThatThrownBy(() -> Advisories.read(text)).hasMessageContaining("cannot be read as a zip file");
        assertThatThrownBy(() -> Advisories.read(folder.resolve("none.zip"))).hasMessageContaining("none.zip");
        var empty = zip(Map.of("README.txt", "nothing"), "empty.zip");
        assertThatThrownBy(() -> Advisories.read(empty)).hasMessageContaining("take OSV's export for Maven");
        var other = zip(Map.of("GO-1.json", """
                        {"id": "GO-1", "affected": [{"package": {"ecosystem": "Go", "name": "org.yaml:snakeyaml"}}]}"""), "go.zip");
        assertThatThrownBy(() -> Advisories.read(other)).hasMessageContaining("no advisory about Maven's artifacts");
        var broken = zip(Map.of("A.json", "{\"id\": "), "broken.zip");
        assertThatThrownBy(() -> Advisories.read(broken)).hasMessageContaining("A.json");
        var jar = zip(Map.of("a.class", ""), "a.jar");
        assertThatThrownBy(() -> Materials.of(jar)).hasMessageContaining("carries no bill of materials");
    }

    /** Maven, offline, makes none; then what was made before is there, or nothing. */
    static Materials ownMaterials() {
        assumeFalse(
                "offline=true".equals(System.getProperty("maven.state"))
                        && Materials.class.getResource("/META-INF/sbom/application.cdx.json") == null,
                "Maven is offline, and made no bill of materials");
        return Materials.own();
    }

    private Report report(Library library, String... records) throws IOException {
        return Report.of(
                new Materials("", List.of(library)),
                Advisories.read(file(Stream.of(records).distinct().toArray(String[]::new))),
                List.of());
    }

    private Path file(String... records) throws IOException {
        var entries = new LinkedHashMap<String, String>();
        for (var record : records) {
            try (var stream = getClass().getResourceAsStream("/osv/" + record + ".json")) {
                entries.put(record + ".json", new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return zip(entries, "all.zip");
    }

    private Path zip(Map<String, String> entries, String name) throws IOException {
        var file = folder.resolve(name);
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }
}
