/** The installation's key, and what is encrypted with it. */
@NullMarked
package io.remotegpu.db.secret;

import org.jspecify.annotations.NullMarked;
