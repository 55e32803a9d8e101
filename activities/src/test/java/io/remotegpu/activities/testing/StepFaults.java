package io.remotegpu.activities.testing;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInterface;
import io.temporal.failure.ApplicationFailure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stands around every step of a worker; tests say what goes wrong before or after one. A step's name is its interface's
 * prefix and its method, for example {@code "Ports_lease"}. Thread-safe.
 */
public final class StepFaults {

    /** What happens at a moment: may throw, wait, or look. */
    @FunctionalInterface
    public interface Hook {
        void run();
    }

    private record Moment(String step, boolean after) {}

    private final Map<Moment, Deque<Hook>> script = new ConcurrentHashMap<>();
    private final Set<String> answersLost = ConcurrentHashMap.newKeySet();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> lost = new ConcurrentHashMap<>();

    public static String name(Method step) {
        var prefix =
                step.getDeclaringClass().getAnnotation(ActivityInterface.class).namePrefix();
        return prefix + step.getName();
    }

    /** The next call of that step meets this before it does anything. */
    public void before(String step, Hook hook) {
        add(new Moment(step, false), hook);
    }

    /** The next call of that step does its work, then meets this. */
    public void after(String step, Hook hook) {
        add(new Moment(step, true), hook);
    }

    /** Every call of that step does its work, but the answer of its first attempt never arrives. */
    public void loseAnswersOf(String step) {
        answersLost.add(step);
    }

    /** How many answers of that step were lost. */
    public int lost(String step) {
        return lost.getOrDefault(step, new AtomicInteger()).get();
    }

    /** The steps that did their work at least once. */
    public Set<String> answered() {
        return new TreeSet<>(answered);
    }

    /** A failure that Temporal does not retry. */
    public static Hook failing(String type) {
        return () -> {
            throw ApplicationFailure.newNonRetryableFailure("scripted " + type, type);
        };
    }

    /** All goes well from now on; whoever waits at a gate goes on. */
    public void clear() {
        answersLost.clear();
        lost.clear();
        answered.clear();
        script.values().forEach(hooks -> {
            synchronized (hooks) {
                hooks.forEach(hook -> {
                    if (hook instanceof Gate gate) {
                        gate.open();
                    }
                });
                hooks.clear();
            }
        });
    }

    /** The same steps, with the faults around them. */
    public <T> T around(Class<T> steps, T target) {
        return steps.cast(Proxy.newProxyInstance(
                steps.getClassLoader(),
                target.getClass().getInterfaces(),
                (_, method, arguments) -> call(target, method, arguments)));
    }

    private @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return method.invoke(target, arguments);
        }
        var step = name(method);
        play(new Moment(step, false));
        Object answer;
        try {
            answer = method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw Objects.requireNonNull(failed.getCause());
        }
        answered.add(step);
        play(new Moment(step, true));
        if (answersLost.contains(step)
                && Activity.getExecutionContext().getInfo().getAttempt() == 1) {
            lost.computeIfAbsent(step, _ -> new AtomicInteger()).incrementAndGet();
            throw new IllegalStateException("the answer of " + step + " was lost");
        }
        return answer;
    }

    private void add(Moment moment, Hook hook) {
        var hooks = script.computeIfAbsent(moment, _ -> new ArrayDeque<>());
        synchronized (hooks) {
            hooks.add(hook);
        }
    }

    private void play(Moment moment) {
        var hooks = script.get(moment);
        if (hooks == null) {
            return;
        }
        Hook hook;
        synchronized (hooks) {
            hook = hooks.poll();
        }
        if (hook != null) {
            hook.run();
        }
    }
}
