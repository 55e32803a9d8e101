package io.remotegpu.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.ArchCondition.from;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentActivity;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.temporal.activity.ActivityInterface;
import io.temporal.workflow.WorkflowInterface;

/** Who may import whom. */
final class BorderRules {
    private BorderRules() {}

    static ArchRule imports(Module module) {
        return noClasses()
                .that()
                .resideInAPackage(module.packages())
                .should()
                .dependOnClassesThat(module.closedModules())
                .because("of the imports in DESIGN.md, section 2");
    }

    static ArchRule libraries(Module module) {
        return noClasses()
                .that()
                .resideInAPackage(module.packages())
                .should()
                .dependOnClassesThat(module.closedLibraries())
                .because("of the imports in DESIGN.md, section 2");
    }

    static final ArchRule EVERY_CLASS_BELONGS_TO_A_MODULE = classes()
            .should(from(describe(
                    "be in a package of the table in Module",
                    (JavaClass type) -> Module.of(type).isPresent())));

    static final ArchRule VOCABULARY_ONLY = noClasses()
            .that()
            .resideInAnyPackage(Module.WORKFLOWS.packages(), Module.DB.packages())
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(
                    EnvironmentDriver.class,
                    EnvironmentLogs.class,
                    EnvironmentActivity.class,
                    Deployment.class,
                    DriverException.class)
            .because(
                    "workflows and db know the vocabulary of drivers/spi, not the contract: only activities call drivers")
            .allowEmptyShould(true);

    static final ArchRule NO_SECRETS_IN_WORKFLOWS = noClasses()
            .that()
            .resideInAPackage(Module.WORKFLOWS.packages())
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Credentials.class)
            .because("secrets never enter a payload: activities read them by id")
            .allowEmptyShould(true);

    static final ArchRule IMPL_STAYS_HOME = classes()
            .should(new ArchCondition<>("import an Impl only from their own module") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    type.getDirectDependenciesFromSelf().stream()
                            .filter(d -> d.getTargetClass().getSimpleName().endsWith("Impl"))
                            .filter(d -> Module.of(d.getTargetClass()).isPresent()
                                    && !Module.of(d.getTargetClass()).equals(Module.of(type)))
                            .forEach(d -> events.add(SimpleConditionEvent.violated(d, d.getDescription())));
                }
            });

    static final ArchRule TEMPORAL_INTERFACES_LIVE_WITH_THEIR_CALLER = classes()
            .that(temporalInterfaces())
            .should()
            .resideInAnyPackage(Module.WORKFLOWS.packages(), Module.BENCH.packages())
            .because("that keeps workflow code pure by construction; what the benchmark compares with is no product")
            .allowEmptyShould(true);

    private static DescribedPredicate<JavaClass> temporalInterfaces() {
        return describe(
                "are workflow or activity interfaces",
                type -> type.isAnnotatedWith(ActivityInterface.class) || type.isAnnotatedWith(WorkflowInterface.class));
    }
}
