/**
 * The vocabulary of environments, and the contract between RemoteGPU and the engines that run them.
 *
 * <p>Everything here is a plain record, enum or interface without dependencies, because the same values travel from the
 * REST request through Temporal payloads to the engine. Units: memory and storage in bytes, CPU in whole cores.
 */
@NullMarked
package io.remotegpu.drivers.spi;

import org.jspecify.annotations.NullMarked;
