package io.remotegpu.activities.alert;

import io.remotegpu.db.alert.AlertState;
import io.remotegpu.db.alert.DeliveryTurn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What is told: as it was when it was to be told, however late that is. */
final class AlertMessage {

    private static final JsonMapper JSON = new JsonMapper();

    /** The body of a webhook, in the form that Standard Webhooks recommends: type, timestamp, data. */
    static String json(DeliveryTurn.Now now) {
        var alert = now.alert();
        var resolved = now.key().state() == AlertState.RESOLVED;
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("id", alert.id());
        data.put("state", now.key().state().wireName());
        data.put("notice", now.key().notice());
        data.put("rule", alert.rule().wireName());
        data.put("severity", alert.severity().wireName());
        data.put("subject", alert.subject());
        data.put("summary", alert.summary());
        data.put("remedy", alert.remedy());
        data.put(
                "environment_id",
                alert.environmentId() == null ? null : alert.environmentId().toString());
        data.put("host_id", alert.hostId());
        data.put("user_id", alert.userId());
        data.put("started_at", alert.startedAt().toString());
        data.put(
                "resolved_at",
                resolved && alert.resolvedAt() != null ? alert.resolvedAt().toString() : null);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "alert." + now.key().state().wireName());
        body.put("timestamp", since(now).toString());
        body.put("data", data);
        return JSON.writeValueAsString(body);
    }

    /** One line, without anything that would begin another header. */
    static String subject(DeliveryTurn.Now now) {
        var line = "[RemoteGPU] " + now.key().state().wireName() + ": "
                + now.alert().summary();
        var clean = line.replaceAll("\\p{Cntrl}+", " ");
        return clean.length() > 150 ? clean.substring(0, 149) + "…" : clean;
    }

    static String text(DeliveryTurn.Now now) {
        var alert = now.alert();
        var text = new StringBuilder(alert.summary()).append("\n\n");
        if (now.key().state() == AlertState.RESOLVED) {
            text.append("This is over since ")
                    .append(seconds(alert.resolvedAt()))
                    .append(".\n\n");
        } else {
            text.append("What to do: ").append(alert.remedy()).append("\n\n");
        }
        text.append("Rule       ").append(alert.rule().wireName()).append('\n');
        text.append("Severity   ").append(alert.severity().wireName()).append('\n');
        text.append("About      ").append(alert.subject()).append('\n');
        text.append("Since      ").append(seconds(alert.startedAt())).append('\n');
        if (now.key().notice() > 1) {
            text.append("Said       for the ").append(now.key().notice()).append(". time; POST /api/v1/alerts/");
            text.append(alert.id()).append("/acknowledge ends that\n");
        }
        return text.append("Alert      ")
                .append(alert.id())
                .append(", GET /api/v1/alerts/")
                .append(alert.id())
                .append('\n')
                .toString();
    }

    private static Instant since(DeliveryTurn.Now now) {
        var resolvedAt = now.alert().resolvedAt();
        return now.key().state() == AlertState.RESOLVED && resolvedAt != null
                ? resolvedAt
                : now.alert().startedAt();
    }

    private static String seconds(@Nullable Instant at) {
        return at == null ? "now" : at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private AlertMessage() {}
}
