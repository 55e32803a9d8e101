package io.remotegpu.drivers.docker.broken;

import io.temporal.activity.ActivityExecutionContext;

public record SeesTemporal(ActivityExecutionContext context) {}
