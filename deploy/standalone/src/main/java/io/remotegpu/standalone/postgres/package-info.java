/** The embedded PostgreSQL. */
@NullMarked
package io.remotegpu.standalone.postgres;

import org.jspecify.annotations.NullMarked;
