/** A real API server on a real PostgreSQL, with workflows by script, for the tests of this module. */
@NullMarked
package io.remotegpu.api.testing;

import org.jspecify.annotations.NullMarked;
