package io.remotegpu.drivers.simulated.broken;

public class LocalImpl {}
