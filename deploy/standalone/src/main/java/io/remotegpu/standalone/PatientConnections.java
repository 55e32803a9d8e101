package io.remotegpu.standalone;

import java.time.Duration;
import java.util.Map;

/**
 * How long connections to the database are waited for. A network that drops what it carries, or a firewall that forgets
 * what was connected, tells nobody: without an end to waiting, a step would hold its thread, and on the other side its
 * transaction its locks, for ever.
 */
final class PatientConnections {

    /** A step of a workflow is given up, and tried again, after so long: nobody waits for more of its transaction. */
    static final Duration OPEN_TRANSACTION = Duration.ofSeconds(20);

    /** Nor for the answer to one statement. */
    static final Duration ANSWER = Duration.ofSeconds(30);

    /** Defaults of Spring Boot's settings; what a URL says itself comes first. */
    static final Map<String, Object> SETTINGS = Map.of(
            "spring.datasource.hikari.data-source-properties.socketTimeout",
            Long.toString(ANSWER.toSeconds()),
            "spring.datasource.hikari.data-source-properties.tcpKeepAlive",
            "true",
            "spring.datasource.hikari.connection-init-sql",
            "SET idle_in_transaction_session_timeout = '" + OPEN_TRANSACTION.toSeconds() + "s'");

    private PatientConnections() {}
}
