package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Where users reach environments that they do not reach at node ports: what the cluster says of that. */
final class Publishing {

    private final ClusterObjects objects;
    private final KubernetesDriverSettings settings;

    Publishing(ClusterObjects objects, KubernetesDriverSettings settings) {
        this.objects = objects;
        this.settings = settings;
    }

    /** None when there is nothing of the environment here. */
    List<PublicAddress> addresses(UUID id) {
        if (settings.publication() instanceof Publication.NodePorts) {
            return List.of();
        }
        List<PublicAddress> found = new ArrayList<>();
        Service service = objects.here(id, service(id));
        if (service != null) {
            found.addAll(PublicAddress.of(service));
        }
        Ingress ingress = objects.here(id, ingress(id));
        if (ingress != null) {
            found.addAll(PublicAddress.of(ingress));
        }
        return found;
    }

    /** Removes what an earlier setting published by name and this one does not. */
    void withdraw(UUID id) {
        Ingress standing = objects.here(id, ingress(id));
        if (standing != null) {
            objects.delete(standing, 0);
        }
    }

    /** Waits until the load balancer has given its address, where there is to be one. */
    void await(UUID id, Progress progress) {
        if (!(settings.publication() instanceof Publication.LoadBalancer balancer)) {
            return;
        }
        var wait = new Wait(balancer.patience(), progress);
        while (addresses(id).isEmpty()) {
            if (wait.isOver()) {
                throw new DriverException(
                        ErrorKind.UNSUPPORTED,
                        "no load balancer gave service " + Labels.name(id) + " an address within "
                                + balancer.patience().toSeconds()
                                + " s: see 'kubectl describe', or publish by node ports or an ingress");
            }
            wait.pause("waiting for the load balancer's address of " + Labels.name(id));
        }
    }

    private Service service(UUID id) {
        return new ServiceBuilder().withMetadata(metadata(id).build()).build();
    }

    private Ingress ingress(UUID id) {
        return new IngressBuilder().withMetadata(metadata(id).build()).build();
    }

    private ObjectMetaBuilder metadata(UUID id) {
        return new ObjectMetaBuilder().withName(Labels.name(id)).withNamespace(settings.namespace());
    }
}
