@NullMarked
package io.remotegpu.workflows.idle;

import org.jspecify.annotations.NullMarked;
