package io.remotegpu.db.port;

import io.remotegpu.drivers.spi.Service;

/**
 * Where users reach a service.
 *
 * @param host the address users connect to
 */
public record Endpoint(Service service, String host, int port) {}
