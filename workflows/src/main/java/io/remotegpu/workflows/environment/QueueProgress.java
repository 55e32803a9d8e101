package io.remotegpu.workflows.environment;

/**
 * Where an operation that waits for capacity stood when its workflow last looked.
 *
 * @param position 1 is next
 * @param waiting how many wait in all
 * @param reason what is missing for it, in words
 */
public record QueueProgress(int position, int waiting, String reason) {}
