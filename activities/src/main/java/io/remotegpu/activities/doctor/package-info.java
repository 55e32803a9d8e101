/** Looks at an installation from outside: whether its parts answer, agree on the time, and hold what they should. */
@NullMarked
package io.remotegpu.activities.doctor;

import org.jspecify.annotations.NullMarked;
