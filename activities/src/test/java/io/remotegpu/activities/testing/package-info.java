/** The whole control plane in one process for tests: real database, real steps, real workflows, simulated hosts. */
@NullMarked
package io.remotegpu.activities.testing;

import org.jspecify.annotations.NullMarked;
