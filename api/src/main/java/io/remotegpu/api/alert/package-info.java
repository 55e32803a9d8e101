/** What somebody should be told of, and where it is told. */
@NullMarked
package io.remotegpu.api.alert;

import org.jspecify.annotations.NullMarked;
