/** Asks an environment's services whether they answer, each in its own protocol: what "running" means. */
@NullMarked
package io.remotegpu.drivers.spi.probe;

import org.jspecify.annotations.NullMarked;
