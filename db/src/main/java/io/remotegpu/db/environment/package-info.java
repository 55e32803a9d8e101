/** Environments: what they are, which operation runs, how it ended, what opens them. */
@NullMarked
package io.remotegpu.db.environment;

import org.jspecify.annotations.NullMarked;
