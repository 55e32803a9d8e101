/** What must be true of the rows at every moment: the one place that says so. */
@NullMarked
package io.remotegpu.db.invariants;

import org.jspecify.annotations.NullMarked;
