/** What somebody should be told of, to whom, and whether they were. */
@NullMarked
package io.remotegpu.db.alert;

import org.jspecify.annotations.NullMarked;
