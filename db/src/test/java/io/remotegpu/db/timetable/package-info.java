@NullMarked
package io.remotegpu.db.timetable;

import org.jspecify.annotations.NullMarked;
