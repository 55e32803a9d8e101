package io.remotegpu.standalone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.doctor.Diagnosis;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Diagnosis FINE = Diagnosis.fine("api", "answers");
    private static final Diagnosis FOUND = Diagnosis.finding("hosts", "host h1 is silent", "start its agent");
    private static final Diagnosis UNSEEN = Diagnosis.unchecked("database", "does not answer", "start it");

    @Test
    void theStatusSaysWhetherAllIsWellOrSomethingWasFoundOrNotSeen() {
        assertThat(new Verdict(List.of(FINE)).exitStatus()).isZero();
        assertThat(new Verdict(List.of(FINE, FOUND, UNSEEN)).exitStatus()).isEqualTo(1);
        assertThat(new Verdict(List.of(FINE, UNSEEN)).exitStatus()).isEqualTo(2);
    }

    @Test
    void aWarningIsSaidAndChangesNoStatus() {
        var warned = new Verdict(List.of(FINE, Diagnosis.warning("guards", "host h1: the disk is open", "see there")));
        assertThat(warned.exitStatus()).isZero();
        assertThat(warned.text())
                .containsSubsequence(
                        "warning   guards      host h1: the disk is open",
                        "-> see there",
                        "Nothing wrong was found; 1 warning");
        assertThat(warned.json()).contains("\"warnings\" : 1", "\"state\" : \"warning\"");
    }

    @Test
    void eachFindingHasItsRemedyBeneath() {
        assertThat(new Verdict(List.of(FINE, FOUND, UNSEEN)).text())
                .containsSubsequence(
                        "ok        api",
                        "FOUND     hosts",
                        "-> start its agent",
                        "not seen  database",
                        "1 finding; 1 could not be looked at");
    }

    @Test
    void programsReadTheSame() {
        assertThat(new Verdict(List.of(FOUND)).json())
                .contains("\"exit_status\" : 1", "\"state\" : \"finding\"", "\"remedy\" : \"start its agent\"");
    }
}
