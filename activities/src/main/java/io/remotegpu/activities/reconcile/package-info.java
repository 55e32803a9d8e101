/** The reconciler: compares rows, engines and workflows, and has healed what is safe. */
@NullMarked
package io.remotegpu.activities.reconcile;

import org.jspecify.annotations.NullMarked;
