/** The driver contract as tests: what every driver passes, each real one against its real engine. */
@NullMarked
package io.remotegpu.drivers.testkit;

import org.jspecify.annotations.NullMarked;
