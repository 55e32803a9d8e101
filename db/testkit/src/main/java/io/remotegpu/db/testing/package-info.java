/** A real PostgreSQL for tests. */
@NullMarked
package io.remotegpu.db.testing;

import org.jspecify.annotations.NullMarked;
