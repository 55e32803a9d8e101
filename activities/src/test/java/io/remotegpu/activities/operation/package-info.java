/** Whole operations on real rows, with everything that can go wrong on the way. */
@NullMarked
package io.remotegpu.activities.operation;

import org.jspecify.annotations.NullMarked;
