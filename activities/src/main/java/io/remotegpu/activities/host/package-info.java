/** The host role: what a machine says of itself, and the worker that carries its engine steps out. */
@NullMarked
package io.remotegpu.activities.host;

import org.jspecify.annotations.NullMarked;
