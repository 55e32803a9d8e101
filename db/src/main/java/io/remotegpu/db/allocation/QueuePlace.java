package io.remotegpu.db.allocation;

import java.time.Duration;
import java.time.Instant;

/**
 * Where one who waits for capacity stands.
 *
 * @param position 1 is next; it may go up, too, when others with fewer GPUs ask
 * @param waiting how many wait in all
 * @param reason what is missing for it, in words
 * @param deadline when it gives up
 * @param left until then, by the database's clock; negative when it is past
 */
public record QueuePlace(int position, int waiting, String reason, Instant since, Instant deadline, Duration left) {}
