/** This machine, and simulated ones, as RemoteGPU hosts. */
@NullMarked
package io.remotegpu.standalone.host;

import org.jspecify.annotations.NullMarked;
