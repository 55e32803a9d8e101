/** The Temporal dev server. */
@NullMarked
package io.remotegpu.standalone.temporal;

import org.jspecify.annotations.NullMarked;
