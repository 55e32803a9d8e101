/** Implementations of the activity interfaces that the workflows call, and the worker application. */
@NullMarked
package io.remotegpu.activities;

import org.jspecify.annotations.NullMarked;
