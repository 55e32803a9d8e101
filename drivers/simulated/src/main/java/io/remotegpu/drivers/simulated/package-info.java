/**
 * The in-memory driver: keeps the whole driver contract without an engine. For trying out RemoteGPU ({@code up
 * --simulate}), for load tests, and for tests that script an engine's failures.
 */
@NullMarked
package io.remotegpu.drivers.simulated;

import org.jspecify.annotations.NullMarked;
