package io.remotegpu.db.alert;

/**
 * One thing that is to be told to one target.
 *
 * @param state what is told: that it fires, or that it is over
 * @param notice the first time that this is said, the second, …
 * @param target {@code webhook/<id>} or {@code email}
 */
public record DeliveryKey(long alertId, AlertState state, int notice, String target) {

    public static final String EMAIL = "email";
}
