package io.remotegpu.temporal;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets an application that does not start say what is to be changed, instead of where it came to light. */
final class TemporalSettingAnalyzer extends AbstractFailureAnalyzer<TemporalSettingException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, TemporalSettingException setting) {
        return new FailureAnalysis(setting.getMessage(), null, failure);
    }
}
