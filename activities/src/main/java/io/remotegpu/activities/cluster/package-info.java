/** Kubernetes clusters: their nodes as hosts, served by every process that has the clusters' credentials. */
@NullMarked
package io.remotegpu.activities.cluster;

import org.jspecify.annotations.NullMarked;
