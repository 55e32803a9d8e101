package io.remotegpu.activities.alert;

import io.remotegpu.db.alert.AlertEvaluation;
import io.remotegpu.db.alert.AlertState;
import io.remotegpu.db.alert.AlertThresholds;
import io.remotegpu.db.alert.DeliveryKey;
import io.remotegpu.workflows.alert.AlertSteps;
import io.remotegpu.workflows.alert.Notice;
import java.time.Duration;
import java.util.List;

/** The look at the rules. */
final class AlertActivities implements AlertSteps {

    private final AlertEvaluation evaluation;
    private final AlertThresholds thresholds;
    private final Duration stale;

    /** @param longestPause for which a delivery that goes on may lie untouched */
    AlertActivities(AlertEvaluation evaluation, AlertThresholds thresholds, Duration longestPause) {
        this.evaluation = evaluation;
        this.thresholds = thresholds;
        this.stale = longestPause.multipliedBy(2).plus(Duration.ofMinutes(5));
    }

    @Override
    public List<Notice> look() {
        return evaluation.look(thresholds, stale).stream()
                .map(AlertActivities::notice)
                .toList();
    }

    @Override
    public void handedOut(List<Notice> notices) {
        evaluation.handedOut(notices.stream().map(AlertActivities::key).toList());
    }

    static Notice notice(DeliveryKey key) {
        return new Notice(key.alertId(), key.state().wireName(), key.notice(), key.target());
    }

    static DeliveryKey key(Notice notice) {
        return new DeliveryKey(
                notice.alertId(), AlertState.fromWireName(notice.state()), notice.number(), notice.target());
    }
}
