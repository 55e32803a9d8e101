/** What a user may hold, and what each environment holds of it. */
@NullMarked
package io.remotegpu.db.quota;

import org.jspecify.annotations.NullMarked;
