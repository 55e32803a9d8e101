/** Workflow interfaces and implementations, and the activity interfaces that they call. Pure: no clock, random or I/O. */
@NullMarked
package io.remotegpu.workflows;

import org.jspecify.annotations.NullMarked;
