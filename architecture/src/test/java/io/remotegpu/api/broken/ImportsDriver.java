package io.remotegpu.api.broken;

import io.remotegpu.drivers.simulated.broken.LocalImpl;

public record ImportsDriver(LocalImpl driver) {}
