/** What the reconciler found, and a pass of it now. */
@NullMarked
package io.remotegpu.api.reconciler;

import org.jspecify.annotations.NullMarked;
