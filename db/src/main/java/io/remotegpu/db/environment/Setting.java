package io.remotegpu.db.environment;

import org.jspecify.annotations.Nullable;

/**
 * A setting that is to become this.
 *
 * @param value null for none of its own
 */
public record Setting<T>(@Nullable T value) {}
