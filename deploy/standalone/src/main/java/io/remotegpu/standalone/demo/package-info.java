/** The walk-through that {@code ./remotegpu demo} does as a user. */
@NullMarked
package io.remotegpu.standalone.demo;

import org.jspecify.annotations.NullMarked;
