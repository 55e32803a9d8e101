/** Accounts: registering, logging in, one's own things, and administration. */
@NullMarked
package io.remotegpu.api.user;

import org.jspecify.annotations.NullMarked;
