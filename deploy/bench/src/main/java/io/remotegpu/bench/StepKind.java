package io.remotegpu.bench;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import java.util.List;
import java.util.stream.Collectors;

/** What a workflow asks the server for, one after the other. Public for Temporal's data converter. */
public enum StepKind {
    LOCAL_ACTIVITY,
    ACTIVITY,
    SEARCH_ATTRIBUTE,
    ADMISSION;

    /** The steps of a workflow that ran, so that an empty one can have the same. */
    static List<StepKind> of(List<HistoryEvent> history) {
        return history.stream()
                .map(HistoryEvent::getEventType)
                .<StepKind>mapMulti((type, steps) -> {
                    if (type == EventType.EVENT_TYPE_MARKER_RECORDED) {
                        steps.accept(LOCAL_ACTIVITY);
                    } else if (type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) {
                        steps.accept(ACTIVITY);
                    } else if (type == EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES) {
                        steps.accept(SEARCH_ATTRIBUTE);
                    } else if (type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED) {
                        steps.accept(ADMISSION);
                    }
                })
                .toList();
    }

    /** For example {@code 6 local activities, 1 activity, 2 search attributes}. */
    static String describe(List<StepKind> steps) {
        return List.of(StepKind.values()).stream()
                .map(kind -> steps.stream().filter(kind::equals).count() + " × "
                        + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
    }
}
