package io.remotegpu.db.port;

import io.remotegpu.drivers.spi.Service;

/**
 * Where users reach a service.
 *
 * @param host the address users connect to
 * @param tls whether HTTPS is spoken there, by something in front of the service
 */
public record Endpoint(Service service, String host, int port, boolean tls) {}
