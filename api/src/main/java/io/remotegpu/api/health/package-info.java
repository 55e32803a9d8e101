/** What {@code /actuator/health} says of the database, of Temporal and of hosts. */
@NullMarked
package io.remotegpu.api.health;

import org.jspecify.annotations.NullMarked;
