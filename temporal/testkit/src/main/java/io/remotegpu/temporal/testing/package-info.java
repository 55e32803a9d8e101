/** Certificates and TLS for tests, by the JDK alone. */
@NullMarked
package io.remotegpu.temporal.testing;

import org.jspecify.annotations.NullMarked;
