/**
 * Environments as containers of a Docker engine.
 *
 * <p>{@link io.remotegpu.drivers.docker.DockerDriver} is the driver; {@link io.remotegpu.drivers.docker.DockerEngine}
 * tells what the engine is and can. Pure code decides what to ask for ({@code ContainerPlan}, {@code GpuAttachment}) and
 * what an answer means ({@code EngineErrors}, {@code ContainerReport}); the rest asks.
 */
@NullMarked
package io.remotegpu.drivers.docker;

import org.jspecify.annotations.NullMarked;
