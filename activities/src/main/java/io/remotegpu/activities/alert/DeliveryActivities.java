package io.remotegpu.activities.alert;

import io.micrometer.core.instrument.MeterRegistry;
import io.remotegpu.db.alert.AlertDeliveries;
import io.remotegpu.db.alert.DeliveryKey;
import io.remotegpu.db.alert.DeliveryPatience;
import io.remotegpu.db.alert.DeliveryTurn;
import io.remotegpu.workflows.alert.DeliverySteps;
import io.remotegpu.workflows.alert.Notice;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells targets, and counts it: {@code remotegpu.alerts.deliveries} by kind and outcome. */
final class DeliveryActivities implements DeliverySteps {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryActivities.class);

    private final AlertDeliveries deliveries;
    private final Webhooks webhooks;
    private final Emails emails;
    private final DeliveryPatience patience;
    private final MeterRegistry meters;

    DeliveryActivities(
            AlertDeliveries deliveries,
            Webhooks webhooks,
            Emails emails,
            DeliveryPatience patience,
            MeterRegistry meters) {
        this.deliveries = deliveries;
        this.webhooks = webhooks;
        this.emails = emails;
        this.patience = patience;
        this.meters = meters;
    }

    @Override
    public String deliver(Notice notice) {
        var key = AlertActivities.key(notice);
        return switch (deliveries.take(key, patience)) {
            case DeliveryTurn.Over over -> over(notice, over);
            case DeliveryTurn.NotYet wait ->
                throw later(notice.target() + " failed a moment ago and is left alone", wait.pause());
            case DeliveryTurn.Now now -> attempt(notice, key, now);
        };
    }

    private String attempt(Notice notice, DeliveryKey key, DeliveryTurn.Now now) {
        try {
            var webhook = now.webhook();
            if (webhook == null) {
                emails.send(now, notice.id());
            } else {
                webhooks.post(webhook, now, notice.id());
            }
        } catch (DeliveryFailedException failure) {
            var reason = String.valueOf(failure.getMessage());
            count(notice, "failed");
            throw later(reason, deliveries.failed(key, reason, now.began(), patience));
        }
        deliveries.delivered(key);
        count(notice, "delivered");
        return "delivered";
    }

    private String over(Notice notice, DeliveryTurn.Over over) {
        if (!over.how().equals("given_up")) {
            return over.how();
        }
        count(notice, "given_up");
        LOG.warn(
                "Alert {} could not be told to {} within {} h: {}",
                notice.alertId(),
                notice.target(),
                patience.giveUp().toHours(),
                over.lastError());
        return "given_up: " + over.lastError();
    }

    private void count(Notice notice, String outcome) {
        var kind = notice.target().equals(DeliveryKey.EMAIL) ? "email" : "webhook";
        meters.counter("remotegpu.alerts.deliveries", "kind", kind, "outcome", outcome)
                .increment();
    }

    private static ApplicationFailure later(String why, Duration pause) {
        return ApplicationFailure.newBuilder()
                .setMessage(why)
                .setType("NOT_DELIVERED")
                .setNextRetryDelay(pause)
                .build();
    }
}
