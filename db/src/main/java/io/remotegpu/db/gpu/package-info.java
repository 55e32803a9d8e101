/** The devices that are given to environments. */
@NullMarked
package io.remotegpu.db.gpu;

import org.jspecify.annotations.NullMarked;
