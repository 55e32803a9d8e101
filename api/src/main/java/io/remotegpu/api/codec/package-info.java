/** What Temporal keeps encrypted, readable for administrators in Temporal's own tools. */
@NullMarked
package io.remotegpu.api.codec;

import org.jspecify.annotations.NullMarked;
