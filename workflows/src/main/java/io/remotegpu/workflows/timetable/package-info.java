/** Stopping, starting and deleting what is due. */
@NullMarked
package io.remotegpu.workflows.timetable;

import org.jspecify.annotations.NullMarked;
