/** What was used: computed from the log of everything that was ever held. */
@NullMarked
package io.remotegpu.db.usage;

import org.jspecify.annotations.NullMarked;
