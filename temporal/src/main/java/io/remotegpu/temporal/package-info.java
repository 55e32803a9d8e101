/** The connection to Temporal that every process has: where it is, whom it trusts, and what of ours can be read there. */
@NullMarked
package io.remotegpu.temporal;

import org.jspecify.annotations.NullMarked;
