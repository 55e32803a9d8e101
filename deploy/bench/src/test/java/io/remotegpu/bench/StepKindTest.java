package io.remotegpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepKindTest {

    @Test
    void theStepsOfAHistoryKeepTheirOrderAndNothingElseCounts() {
        var history = Stream.of(
                        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
                        EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
                        EventType.EVENT_TYPE_MARKER_RECORDED,
                        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED,
                        EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
                        EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
                        EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
                        EventType.EVENT_TYPE_MARKER_RECORDED)
                .map(type -> HistoryEvent.newBuilder().setEventType(type).build())
                .toList();

        assertThat(StepKind.of(history))
                .containsExactly(
                        StepKind.LOCAL_ACTIVITY,
                        StepKind.ADMISSION,
                        StepKind.SEARCH_ATTRIBUTE,
                        StepKind.ACTIVITY,
                        StepKind.LOCAL_ACTIVITY);
    }
}
