package io.remotegpu.workflows.environment;

/**
 * A validator refuses an operator's word. Not a {@code TemporalFailure}, of which the SDK would keep the message alone; of
 * this it keeps class and message, so the message begins with the {@link Refusal}.
 */
final class HandRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    HandRefusedException(Refusal refusal, String message) {
        super(refusal.name() + Refusal.MARK + message);
    }
}
