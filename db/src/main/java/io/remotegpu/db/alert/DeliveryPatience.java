package io.remotegpu.db.alert;

import java.time.Duration;

/**
 * How long is tried.
 *
 * @param first pause after a target's first failure; each further one doubles it
 * @param longest the longest pause
 * @param attempt how long an attempt may take; so long others wait for what becomes of it, once its target has failed
 * @param giveUp after how long a delivery is given up
 */
public record DeliveryPatience(Duration first, Duration longest, Duration attempt, Duration giveUp) {}
