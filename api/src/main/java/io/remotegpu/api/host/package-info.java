/** Hosts: registering, looking after, and hearing from them. */
@NullMarked
package io.remotegpu.api.host;

import org.jspecify.annotations.NullMarked;
