package io.remotegpu.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import io.temporal.workflow.WorkflowInterface;
import java.io.Serializable;
import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * Workflow code is replayed, so it must do the same each time: no clock, no chance, no thread, no I/O.
 *
 * <p>Instead: {@code Workflow.currentTimeMillis}, {@code Workflow.newRandom}, {@code Workflow.randomUUID},
 * {@code Workflow.sleep}, {@code Async}, {@code Promise}, {@code Workflow.getLogger}, and activities for the rest.
 */
final class DeterminismRules {
    private DeterminismRules() {}

    /** {@code Class.method}; also finds method references. */
    private static final Set<String> CALLS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.System.out",
            "java.lang.System.err",
            "java.lang.System.in",
            "java.lang.System.exit",
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.util.UUID.randomUUID",
            "java.util.Collections.shuffle",
            "java.util.Calendar.getInstance",
            "java.time.ZoneId.systemDefault");

    private static final Set<Class<?>> TYPES = Set.of(
            Thread.class,
            ThreadLocal.class,
            Runtime.class,
            Process.class,
            ProcessBuilder.class,
            Random.class,
            RandomGenerator.class,
            SplittableRandom.class,
            Clock.class,
            InstantSource.class,
            Timer.class,
            Executor.class,
            Executors.class,
            Future.class,
            BlockingQueue.class,
            CountDownLatch.class,
            CyclicBarrier.class,
            Phaser.class,
            Semaphore.class);

    private static final Set<String> PACKAGES = Set.of(
            "java.io", "java.nio.file", "java.nio.channels", "java.net", "java.net.http", "java.util.concurrent.locks");

    private static final Set<String> HARMLESS = Set.of(Serializable.class.getName(), URI.class.getName());

    static final ArchRule NO_CLOCK_OR_CHANCE = noClasses()
            .that(areWorkflowCode())
            .should()
            .accessTargetWhere(describe(
                    "reads a clock, chance or the surroundings",
                    (JavaAccess<?> access) -> isClosed(access.getTarget())))
            .because(
                    "a replay must see the same: use Workflow.currentTimeMillis, newRandom, randomUUID, or an activity")
            .allowEmptyShould(true);

    static final ArchRule NO_THREADS_OR_IO = noClasses()
            .that(areWorkflowCode())
            .should()
            .dependOnClassesThat(describe("are threads, locks, random generators or I/O", DeterminismRules::isClosed))
            .because("a replay must do the same: use Async, Promise and Workflow.sleep, or an activity")
            .allowEmptyShould(true);

    private static DescribedPredicate<JavaClass> areWorkflowCode() {
        return describe(
                "are in workflows or implement a workflow",
                type -> Module.of(type).filter(Module.WORKFLOWS::equals).isPresent()
                        || type.getAllRawInterfaces().stream()
                                .anyMatch(each -> each.isAnnotatedWith(WorkflowInterface.class)));
    }

    private static boolean isClosed(AccessTarget target) {
        var owner = target.getOwner();
        return CALLS.contains(owner.getName() + "." + target.getName())
                || owner.getPackageName().startsWith("java.time")
                        && target.getName().equals("now")
                || owner.isEquivalentTo(java.util.Date.class)
                        && target.getFullName().endsWith(".<init>()");
    }

    private static boolean isClosed(JavaClass type) {
        return !HARMLESS.contains(type.getName())
                && (PACKAGES.contains(type.getPackageName()) || TYPES.stream().anyMatch(type::isAssignableTo));
    }
}
