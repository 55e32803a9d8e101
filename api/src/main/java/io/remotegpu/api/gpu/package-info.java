/** GPUs: who has them, and in which state they are. */
@NullMarked
package io.remotegpu.api.gpu;

import org.jspecify.annotations.NullMarked;
