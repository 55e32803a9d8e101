/** Who uses what runs, and when it is stopped because nobody does. */
@NullMarked
package io.remotegpu.db.idle;

import org.jspecify.annotations.NullMarked;
