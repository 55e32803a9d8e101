/** Looks from time to time what somebody should be told of, and tells it until it was heard. */
@NullMarked
package io.remotegpu.workflows.alert;

import org.jspecify.annotations.NullMarked;
