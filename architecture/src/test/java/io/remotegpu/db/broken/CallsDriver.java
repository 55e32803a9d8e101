package io.remotegpu.db.broken;

import io.remotegpu.drivers.spi.EnvironmentDriver;

/** Calls the driver contract; and its package is not null-marked. */
public record CallsDriver(EnvironmentDriver driver) {}
