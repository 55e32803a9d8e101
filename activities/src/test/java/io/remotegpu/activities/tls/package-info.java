@NullMarked
package io.remotegpu.activities.tls;

import org.jspecify.annotations.NullMarked;
