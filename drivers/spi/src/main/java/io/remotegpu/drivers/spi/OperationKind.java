package io.remotegpu.drivers.spi;

/** One of the four things that can be done to an environment; each run of one is a durable workflow. */
public enum OperationKind {
    CREATE,
    START,
    STOP,
    DELETE;

    /** The name in answers and rows, for example {@code "create"}. */
    public String wireName() {
        return WireNames.of(this);
    }

    /** The kind of that wire name; {@link IllegalArgumentException} when there is none. */
    public static OperationKind fromWireName(String name) {
        return WireNames.parse(OperationKind.class, name);
    }
}
