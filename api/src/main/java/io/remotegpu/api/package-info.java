/** The REST API: what an application imports to serve it. */
@NullMarked
package io.remotegpu.api;

import org.jspecify.annotations.NullMarked;
