/** Who is calling, and what they may do. */
@NullMarked
package io.remotegpu.api.security;

import org.jspecify.annotations.NullMarked;
