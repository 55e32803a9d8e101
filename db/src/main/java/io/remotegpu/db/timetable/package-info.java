/** Stopping, starting and deleting what is due, whoever uses it. */
@NullMarked
package io.remotegpu.db.timetable;

import org.jspecify.annotations.NullMarked;
