/** People: accounts, what they log in with, and what keeps others from logging in as them. */
@NullMarked
package io.remotegpu.db.user;

import org.jspecify.annotations.NullMarked;
