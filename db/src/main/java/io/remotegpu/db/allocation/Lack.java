package io.remotegpu.db.allocation;

/**
 * One thing that no host has enough of.
 *
 * @param field the request's field, for example {@code "gpu"}
 * @param message what was asked for and what there is, in words
 */
public record Lack(String field, String message) {}
