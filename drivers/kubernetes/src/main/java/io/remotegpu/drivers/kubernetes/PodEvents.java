package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;

/** What the cluster tells of a pod besides its status, such as volumes that cannot be mounted. */
final class PodEvents {

    private final KubernetesClient client;

    PodEvents(KubernetesClient client) {
        this.client = client;
    }

    /** The newest warning, after that lead; nothing when there is none. */
    String lastWarning(Pod pod, String lead) {
        return ClusterObjects.asking(
                        "reading the events of " + pod.getMetadata().getName(),
                        () -> client
                                .v1()
                                .events()
                                .inNamespace(pod.getMetadata().getNamespace())
                                .withField(
                                        "involvedObject.uid", pod.getMetadata().getUid())
                                .withField("type", "Warning")
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
        return last == null ? "" : last;
    }
}
