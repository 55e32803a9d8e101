/** What users may hold, and hold. */
@NullMarked
package io.remotegpu.api.quota;

import org.jspecify.annotations.NullMarked;
