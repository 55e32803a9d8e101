package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.remotegpu.drivers.spi.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where users reach a service that they do not reach at its node port.
 *
 * @param host a name, or an IP literal
 * @param tls whether HTTPS is spoken there
 */
public record PublicAddress(Service service, String host, int port, boolean tls) {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** The addresses at a load balancer; none while it has not given one. */
    static List<PublicAddress> of(io.fabric8.kubernetes.api.model.Service service) {
        String host = balancer(service);
        return host == null
                ? List.of()
                : service.getSpec().getPorts().stream()
                        .map(port ->
                                new PublicAddress(Service.fromWireName(port.getName()), host, port.getPort(), false))
                        .toList();
    }

    /** The addresses behind an ingress controller. */
    static List<PublicAddress> of(Ingress ingress) {
        boolean tls = !ingress.getSpec().getTls().isEmpty();
        return ingress.getSpec().getRules().stream()
                .flatMap(rule -> rule.getHttp().getPaths().stream()
                        .map(path -> path.getBackend().getService().getPort().getName())
                        .map(port ->
                                new PublicAddress(Service.fromWireName(port), rule.getHost(), tls ? HTTPS : HTTP, tls)))
                .toList();
    }

    private static @Nullable String balancer(io.fabric8.kubernetes.api.model.Service service) {
        if (!"LoadBalancer".equals(service.getSpec().getType())
                || service.getStatus() == null
                || service.getStatus().getLoadBalancer() == null) {
            return null;
        }
        for (LoadBalancerIngress point : service.getStatus().getLoadBalancer().getIngress()) {
            String host = point.getHostname() == null ? point.getIp() : point.getHostname();
            if (host != null) {
                return host;
            }
        }
        return null;
    }
}
