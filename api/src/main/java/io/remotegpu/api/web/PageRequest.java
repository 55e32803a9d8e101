package io.remotegpu.api.web;

/**
 * Which part of a list is asked for: parameters {@code page} (from 1, default 1) and {@code page_size} (1 to 100,
 * default 20).
 */
public record PageRequest(int page, int pageSize) {

    public static final int MAX_PAGE = 1_000_000;
    public static final int MAX_SIZE = 100;
    public static final int DEFAULT_SIZE = 20;

    /** How many items lie before it. */
    public long offset() {
        return (page - 1L) * pageSize;
    }

    /** The page counted from 0. */
    public int index() {
        return page - 1;
    }
}
