package io.remotegpu.bench;

import org.jspecify.annotations.Nullable;

/** Ends the benchmark, in words for the person who started it. */
final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
