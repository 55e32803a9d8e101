/** Breaks a server of its own in every way it knows, then looks whether anything leaked or was given twice. */
@NullMarked
package io.remotegpu.chaos;

import org.jspecify.annotations.NullMarked;
