package io.remotegpu.standalone.bom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every library of the server is under a licence that lets it be used and passed on beside code under any other. */
class LicencesTest {

    /** Permissive, or copyleft that ends at the library's own files, which we do not change. One of a library's must be here. */
    private static final Set<String> ALLOWED = Set.of(
            "Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "CC0-1.0", "EPL-1.0", "EPL-2.0");

    /** By the name that a library gives a licence that SPDX has no id for in its list. */
    private static final Map<String, String> EXCEPTIONS =
            Map.of("Bouncy Castle Licence", "is MIT's text under another name, says bouncycastle.org/licence.html");

    @Test
    void everyLibraryIsUnderALicenceThatIsAllowed() {
        assertThat(ReportTest.ownMaterials().libraries())
                .hasSizeGreaterThan(100)
                .filteredOn(library -> !library.isOurs())
                .allSatisfy(library -> assertThat(library.licences())
                        .as("licences of %s %s", library.name(), library.version())
                        .anyMatch(LicencesTest::isAllowed));
    }

    private static boolean isAllowed(String licence) {
        return ALLOWED.contains(licence) || EXCEPTIONS.containsKey(licence);
    }
}
