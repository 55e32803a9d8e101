/** Looks from time to time whether rows, engines and workflows say the same, and heals what is safe. */
@NullMarked
package io.remotegpu.workflows.reconcile;

import org.jspecify.annotations.NullMarked;
