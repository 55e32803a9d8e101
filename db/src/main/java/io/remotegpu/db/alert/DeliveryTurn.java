package io.remotegpu.db.alert;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is to be done about a delivery now. */
public sealed interface DeliveryTurn {

    /**
     * Nothing any more.
     *
     * @param how {@code delivered}, {@code given_up}, or {@code gone} when nobody wants to be told
     * @param lastError of what was given up: why it could not be delivered
     */
    record Over(String how, @Nullable String lastError) implements DeliveryTurn {}

    /** Its target is being left alone. */
    record NotYet(Duration pause) implements DeliveryTurn {}

    /**
     * Now.
     *
     * @param webhook where to, with its secret; null for e-mail
     * @param began when this attempt began, by the database's clock
     */
    record Now(DeliveryKey key, Alert alert, @Nullable Webhook webhook, Instant began) implements DeliveryTurn {}

    /** An address, and what is sent to it is signed with. */
    record Webhook(String name, String url, String secret) {

        @Override
        public String toString() {
            return "Webhook[" + name + "]";
        }
    }
}
