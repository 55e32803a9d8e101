package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Comparator;
import java.util.function.UnaryOperator;

/** What the cluster tells of a pod besides its status, such as volumes that cannot be mounted. */
final class PodEvents {

    private final KubernetesClient client;

    PodEvents(KubernetesClient client) {
        this.client = client;
    }

    /** The newest warning, after that lead; nothing when there is none. */
    String lastWarning(Pod pod, String lead) {
        return newest(pod, lead, events -> events.withField("type", "Warning"));
    }

    /** The newest of any kind, such as that an image is being pulled, or why the scheduler finds no room. */
    String last(Pod pod, String lead) {
        return newest(pod, lead, events -> events);
    }

    private String newest(
            Pod pod, String lead, UnaryOperator<FilterWatchListDeletable<Event, EventList, Resource<Event>>> narrowed) {
        return ClusterObjects.asking(
                        "reading the events of " + pod.getMetadata().getName(),
                        () -> narrowed
                                .apply(client.v1()
                                        .events()
                                        .inNamespace(pod.getMetadata().getNamespace())
                                        .withField(
                                                "involvedObject.uid",
                                                pod.getMetadata().getUid()))
                                .list()
                                .getItems()
                                .stream()
                                .max(Comparator.comparing(PodEvents::time)))
                .map(event -> lead + event.getReason() + ": " + event.getMessage())
                .orElse("");
    }

    private static String time(Event event) {
        // RFC 3339, so that texts sort as times
        String last = event.getLastTimestamp();
        if (last != null) {
            return last;
        }
        return event.getEventTime() == null ? "" : event.getEventTime().getTime();
    }
}
