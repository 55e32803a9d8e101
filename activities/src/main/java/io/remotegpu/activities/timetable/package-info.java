/** Stopping, starting and deleting what is due. */
@NullMarked
package io.remotegpu.activities.timetable;

import org.jspecify.annotations.NullMarked;
