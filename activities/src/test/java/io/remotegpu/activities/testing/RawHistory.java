package io.remotegpu.activities.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A workflow's events as Temporal keeps them: what whoever may look there gets to see. */
public record RawHistory(List<HistoryEvent> events) {

    /** The SDK's own notes in a marker: which step it was, when, and how often it was tried. */
    private static final Set<String> NOTES_OF_THE_SDK = Set.of("activityId", "type", "time", "meta");

    /** Of the latest run. */
    public static RawHistory of(WorkflowClient client, String workflowId) {
        return new RawHistory(client.fetchHistory(workflowId).getEvents());
    }

    /** The events' bytes, in which payloads stand as they are; the history's JSON has them in Base64. */
    public String text() {
        var text = new StringBuilder();
        events.forEach(event -> text.append(new String(event.toByteArray(), StandardCharsets.UTF_8)));
        return text.toString();
    }

    /** Everything that is ours to encrypt: all but search attributes, which Temporal has to read. */
    public List<Payload> payloads() {
        var found = new ArrayList<Payload>();
        events.forEach(event -> collect(event, found));
        return found;
    }

    /** The keys that payloads name, empty for plain ones. */
    public List<String> keys() {
        return payloads().stream()
                .map(payload -> payload.getMetadataOrDefault("encryption-key-id", ByteString.EMPTY)
                        .toStringUtf8())
                .distinct()
                .toList();
    }

    /** What failures say for everybody to read. */
    public List<String> failures() {
        var found = new ArrayList<String>();
        events.forEach(event -> failures(event, found));
        return found;
    }

    private static void collect(Message message, List<Payload> found) {
        switch (message) {
            case Payload payload -> found.add(payload);
            case SearchAttributes _ -> {}
            case MapEntry<?, ?> entry when NOTES_OF_THE_SDK.contains(entry.getKey()) -> {}
            default -> inside(message).forEach(part -> collect(part, found));
        }
    }

    private static void failures(Message message, List<String> found) {
        if (message instanceof Failure failure) {
            found.add(failure.getMessage() + failure.getStackTrace());
        }
        inside(message).forEach(part -> failures(part, found));
    }

    private static List<Message> inside(Message message) {
        var parts = new ArrayList<Message>();
        message.getAllFields().values().forEach(value -> {
            for (var one : value instanceof List<?> several ? several : List.of(value)) {
                if (one instanceof Message part) {
                    parts.add(part);
                }
            }
        });
        return parts;
    }
}
