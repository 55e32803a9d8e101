/** What was used, and what that costs. */
@NullMarked
package io.remotegpu.api.usage;

import org.jspecify.annotations.NullMarked;
