package io.remotegpu.api.testing;

import io.remotegpu.workflows.environment.HandAnswer;
import io.remotegpu.workflows.environment.HandRequest;
import io.remotegpu.workflows.environment.OperatorsHand;
import io.remotegpu.workflows.environment.Refusal;
import io.temporal.failure.ApplicationFailure;

/** The operator's hand as the API sees it: what was heard is told, and a skip is always refused. */
final class ScriptedHand implements OperatorsHand {

    private final String run;
    private final Runnable giveUp;

    ScriptedHand(String run, Runnable giveUp) {
        this.run = run;
        this.giveUp = giveUp;
    }

    @Override
    public HandAnswer retry(HandRequest request) {
        return new HandAnswer(run, "retried");
    }

    @Override
    public void checkRetry(HandRequest request) {
        Script.hear("retry", request);
    }

    @Override
    public HandAnswer skip(HandRequest request) {
        throw ApplicationFailure.newNonRetryableFailure("its host is there", Refusal.NOT_SKIPPABLE.name());
    }

    @Override
    public void checkSkip(HandRequest request) {
        Script.hear("skip", request);
    }

    @Override
    public HandAnswer abort(HandRequest request) {
        giveUp.run();
        return new HandAnswer(run, "aborted");
    }

    @Override
    public void checkAbort(HandRequest request) {
        Script.hear("abort", request);
    }
}
