/** What {@code /actuator/health} says besides the database and this machine's disk. */
@NullMarked
package io.remotegpu.api.health;

import org.jspecify.annotations.NullMarked;
