/** Environments: asking for them, operating and reaching them. */
@NullMarked
package io.remotegpu.api.environment;

import org.jspecify.annotations.NullMarked;
