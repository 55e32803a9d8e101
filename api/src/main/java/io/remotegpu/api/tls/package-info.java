/** HTTPS by two files. */
@NullMarked
package io.remotegpu.api.tls;

import org.jspecify.annotations.NullMarked;
