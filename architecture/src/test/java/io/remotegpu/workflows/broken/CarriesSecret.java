package io.remotegpu.workflows.broken;

import io.remotegpu.drivers.spi.Credentials;

public record CarriesSecret(Credentials credentials) {}
