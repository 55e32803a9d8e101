/**
 * Environments as pods of a Kubernetes cluster.
 *
 * <p>{@link io.remotegpu.drivers.kubernetes.KubernetesDriver} is the driver, one for each node;
 * {@link io.remotegpu.drivers.kubernetes.KubernetesCluster} is the connection that all nodes of a cluster share. Pure code
 * decides what to ask for ({@code EnvironmentManifests}, {@code PodManifest}) and what an answer means ({@code ApiErrors},
 * {@code PodReading}); the rest asks.
 */
@NullMarked
package io.remotegpu.drivers.kubernetes;

import org.jspecify.annotations.NullMarked;
