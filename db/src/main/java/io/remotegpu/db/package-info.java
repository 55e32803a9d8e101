/** Aggregates, repositories and the exact SQL of holding things, by feature. The database decides who holds what. */
@NullMarked
package io.remotegpu.db;

import org.jspecify.annotations.NullMarked;
