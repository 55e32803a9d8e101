package io.remotegpu.db.allocation;

import java.util.UUID;

/**
 * One who waits for capacity.
 *
 * @param priority among those of the same user, higher first
 * @param ticket age, lower is older
 */
record Waiter(UUID id, long userId, int priority, long ticket, Need need) {}
