/** The host role on a machine of its own, with nothing but outgoing connections and the host's token. */
@NullMarked
package io.remotegpu.agent;

import org.jspecify.annotations.NullMarked;
