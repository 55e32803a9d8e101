package io.remotegpu.standalone.demo;

/** A step of the walk-through failed; the message says what was answered. */
final class DemoException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
