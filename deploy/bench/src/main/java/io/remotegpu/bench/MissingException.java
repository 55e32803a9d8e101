package io.remotegpu.bench;

/** Something that a part of the benchmark needs is not here; says what, and what to do. */
final class MissingException extends Exception {

    private static final long serialVersionUID = 1;

    MissingException(String message) {
        super(message);
    }
}
