package io.remotegpu.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.remotegpu.api.broken.ImportsDriver;
import io.remotegpu.api.broken.InjectsField;
import io.remotegpu.api.broken.OwnsActivityInterface;
import io.remotegpu.db.broken.CallsDriver;
import io.remotegpu.drivers.docker.broken.SeesDatabase;
import io.remotegpu.drivers.docker.broken.SeesTemporal;
import io.remotegpu.drivers.simulated.broken.LocalImpl;
import io.remotegpu.workflows.broken.CarriesSecret;
import io.remotegpu.workflows.broken.ReadsClock;
import io.remotegpu.workflows.broken.SeesSpring;
import io.remotegpu.workflows.broken.StartsThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule, against a class that breaks it: the {@code broken} packages beside this one. */
class RulesCanFailTest {
    @Test
    void anApiThatImportsADriver() {
        assertBroken(BorderRules.imports(Module.API), ImportsDriver.class);
    }

    @Test
    void aDriverThatSeesTheDatabase() {
        assertBroken(BorderRules.libraries(Module.DOCKER), SeesDatabase.class);
    }

    @Test
    void aDriverThatSeesTemporal() {
        assertBroken(BorderRules.libraries(Module.DOCKER), SeesTemporal.class);
    }

    @Test
    void aWorkflowThatSeesSpring() {
        assertBroken(BorderRules.libraries(Module.WORKFLOWS), SeesSpring.class);
    }

    @Test
    void aClassOutsideTheTable() {
        assertBroken(BorderRules.EVERY_CLASS_BELONGS_TO_A_MODULE, RulesCanFailTest.class);
    }

    @Test
    void aDatabaseThatKnowsTheDriverContract() {
        assertBroken(BorderRules.VOCABULARY_ONLY, CallsDriver.class);
    }

    @Test
    void aWorkflowThatCarriesSecrets() {
        assertBroken(BorderRules.NO_SECRETS_IN_WORKFLOWS, CarriesSecret.class);
    }

    @Test
    void anImplImportedFromAnotherModule() {
        assertBroken(BorderRules.IMPL_STAYS_HOME, ImportsDriver.class, LocalImpl.class);
    }

    @Test
    void anActivityInterfaceOutsideWorkflows() {
        assertBroken(BorderRules.TEMPORAL_INTERFACES_LIVE_WITH_THEIR_CALLER, OwnsActivityInterface.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Instant.now", "System.nanoTime", "UUID.randomUUID", "Math.random", "Date.<init>"})
    void aWorkflowThatReadsAClockOrThrowsDice(String call) {
        assertThat(violations(DeterminismRules.NO_CLOCK_OR_CHANCE, ReadsClock.class))
                .contains("." + call + "(");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.lang.Thread", "ReentrantLock", "ExecutorService", "java.nio.file.Files", "Random"})
    void aWorkflowThatUsesThreadsOrIo(String type) {
        assertThat(violations(DeterminismRules.NO_THREADS_OR_IO, StartsThread.class))
                .contains(type);
    }

    @Test
    void aPackageThatIsNotNullMarked() {
        assertBroken(StyleRules.EVERY_PACKAGE_IS_NULL_MARKED, CallsDriver.class);
    }

    @Test
    void aFieldThatIsInjected() {
        assertBroken(StyleRules.NO_FIELD_INJECTION, InjectsField.class);
    }

    private static void assertBroken(ArchRule rule, Class<?>... types) {
        assertThat(violations(rule, types)).isNotEmpty();
    }

    private static String violations(ArchRule rule, Class<?>... types) {
        var result = rule.evaluate(new ClassFileImporter().importClasses(types));
        return String.join("\n", result.getFailureReport().getDetails());
    }
}
