package io.remotegpu.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules, over every production class. A module without classes is reported as skipped. */
class ArchitectureTest {
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.remotegpu");

    @ParameterizedTest
    @EnumSource
    void aModuleImportsOnlyTheModulesThatItMay(Module module) {
        BorderRules.imports(module).check(classesOf(module));
    }

    @ParameterizedTest
    @EnumSource
    void aModuleKeepsOffTheLibrariesOfOthers(Module module) {
        BorderRules.libraries(module).check(classesOf(module));
    }

    @Test
    void everyClassBelongsToAModule() {
        BorderRules.EVERY_CLASS_BELONGS_TO_A_MODULE.check(PRODUCTION);
    }

    @Test
    void workflowsAndDatabaseKnowOnlyTheVocabularyOfDrivers() {
        BorderRules.VOCABULARY_ONLY.check(PRODUCTION);
    }

    @Test
    void workflowsCarryNoSecrets() {
        BorderRules.NO_SECRETS_IN_WORKFLOWS.check(PRODUCTION);
    }

    @Test
    void anImplIsNeverImportedFromAnotherModule() {
        BorderRules.IMPL_STAYS_HOME.check(PRODUCTION);
    }

    @Test
    void workflowAndActivityInterfacesLiveInWorkflows() {
        BorderRules.TEMPORAL_INTERFACES_LIVE_WITH_THEIR_CALLER.check(PRODUCTION);
    }

    @Test
    void workflowsReadNoClockAndThrowNoDice() {
        DeterminismRules.NO_CLOCK_OR_CHANCE.check(PRODUCTION);
    }

    @Test
    void workflowsUseNoThreadsAndNoIo() {
        DeterminismRules.NO_THREADS_OR_IO.check(PRODUCTION);
    }

    @Test
    void everyPackageIsNullMarked() {
        StyleRules.EVERY_PACKAGE_IS_NULL_MARKED.check(PRODUCTION);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        StyleRules.NO_FIELD_INJECTION.check(PRODUCTION);
    }

    private static JavaClasses classesOf(Module module) {
        var classes = PRODUCTION.that(describe(
                "of " + module,
                (JavaClass type) -> Module.of(type).filter(module::equals).isPresent()));
        assumeTrue(!classes.isEmpty(), () -> "no classes yet in " + module);
        return classes;
    }
}
