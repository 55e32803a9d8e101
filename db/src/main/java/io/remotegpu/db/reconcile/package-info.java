/** What the reconciler compares with engines and workflows, and what it found. */
@NullMarked
package io.remotegpu.db.reconcile;

import org.jspecify.annotations.NullMarked;
