package io.remotegpu.drivers.spi;

/**
 * A host port leased to an environment for one of its services.
 *
 * @param service what is reached there
 * @param address the host address to bind, an IP literal
 * @param port the TCP port on the host
 */
public record PortBinding(Service service, String address, int port) {}
