/** The audit, as administrators read and export it. */
@NullMarked
package io.remotegpu.api.audit;

import org.jspecify.annotations.NullMarked;
