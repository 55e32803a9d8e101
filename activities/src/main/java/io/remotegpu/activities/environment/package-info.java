/** The database steps of the environment workflows: one transaction each, refusals told by type. */
@NullMarked
package io.remotegpu.activities.environment;

import org.jspecify.annotations.NullMarked;
