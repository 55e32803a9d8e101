/** The engine steps of one host, and the drivers that carry them out. */
@NullMarked
package io.remotegpu.activities.engine;

import org.jspecify.annotations.NullMarked;
