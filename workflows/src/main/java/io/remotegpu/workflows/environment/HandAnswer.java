package io.remotegpu.workflows.environment;

/**
 * What an operator's word did.
 *
 * @param operationId the operation that it was for
 * @param message what happens now, in words
 */
public record HandAnswer(String operationId, String message) {}
