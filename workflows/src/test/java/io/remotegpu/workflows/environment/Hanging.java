package io.remotegpu.workflows.environment;

import io.temporal.activity.Activity;

/** A step that heartbeats until it is cancelled. */
final class Hanging {

    static void untilCancelled() {
        var context = Activity.getExecutionContext();
        try {
            while (true) {
                context.heartbeat("hanging");
                Thread.sleep(20);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Hanging() {}
}
