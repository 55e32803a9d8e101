package io.remotegpu.workflows.environment;

/**
 * One thing of which there is not enough.
 *
 * @param field the request's field, for example {@code "gpu"}
 * @param message how much was asked for and how much there is, in words
 */
public record Shortage(String field, String message) {}
