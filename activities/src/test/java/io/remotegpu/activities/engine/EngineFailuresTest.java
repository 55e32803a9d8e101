package io.remotegpu.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.temporal.failure.ApplicationFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineFailuresTest {

    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void bringingUpIsRetriedAsTheKindSays(ErrorKind kind) {
        var failure = EngineFailures.bringingUp(new DriverException(kind, "why"));

        assertThat(failure.getType()).isEqualTo(kind.name());
        assertThat(failure.getOriginalMessage()).isEqualTo("why");
        assertThat(failure.isNonRetryable()).isEqualTo(!kind.retried());
    }

    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void takingDownIsRetriedWhateverTheKind(ErrorKind kind) {
        var failure = EngineFailures.takingDown(new DriverException(kind, "why"));

        assertThat(failure.getType()).isEqualTo(kind.name());
        assertThat(failure.isNonRetryable()).isFalse();
    }

    @Test
    void onlyWhatMayPassIsRetried() {
        assertThat(ErrorKind.values())
                .filteredOn(ErrorKind::retried)
                .containsExactly(ErrorKind.ENGINE_UNAVAILABLE, ErrorKind.OUTCOME_UNKNOWN);
    }

    @Test
    void aTakenPortIsNamed() {
        var failure = EngineFailures.bringingUp(DriverException.portTaken(22007, "taken", null));

        assertThat(failure.getDetails().get(0, Integer.class)).isEqualTo(22007);
    }

    @Test
    void servicesThatDoNotAnswerEndTheDeployAndAWorkerThatLeavesDoesNot() {
        assertThat(EngineFailures.notReady("why"))
                .extracting(ApplicationFailure::getType, ApplicationFailure::isNonRetryable)
                .containsExactly("NOT_READY", true);
        assertThat(EngineFailures.interrupted().isNonRetryable()).isFalse();
    }
}
