/** Stopping what nobody uses. */
@NullMarked
package io.remotegpu.activities.idle;

import org.jspecify.annotations.NullMarked;
