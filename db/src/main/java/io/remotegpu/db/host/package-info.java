/** The machines that run environments. */
@NullMarked
package io.remotegpu.db.host;

import org.jspecify.annotations.NullMarked;
