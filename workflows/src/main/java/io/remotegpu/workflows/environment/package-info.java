/** The life of one environment: create, start, stop, delete. One workflow id for all four, so Temporal serialises them. */
@NullMarked
package io.remotegpu.workflows.environment;

import org.jspecify.annotations.NullMarked;
