/** The benchmark: RemoteGPU beside the raw engines, and beside empty workflows on the same Temporal server. */
@NullMarked
package io.remotegpu.bench;

import org.jspecify.annotations.NullMarked;
