/** What a monitoring system is told of the system as a whole. */
@NullMarked
package io.remotegpu.api.metrics;

import org.jspecify.annotations.NullMarked;
