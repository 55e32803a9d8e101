package io.remotegpu.activities.alert;

import io.remotegpu.db.alert.DeliveryTurn;
import io.remotegpu.db.alert.TargetAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts alerts, signed as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> says. Follows no redirect, reads nothing
 * of the answer but its status, and posts to no address that is closed.
 */
final class Webhooks {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final String SECRET_PREFIX = "whsec_";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final boolean loopback;
    private final Clock clock;

    /** @param loopback whether this machine itself may be posted to */
    Webhooks(boolean loopback, Clock clock) {
        this.loopback = loopback;
        this.clock = clock;
    }

    /** @param id always the same of one notice, so that a target knows what it heard already */
    void post(DeliveryTurn.Webhook webhook, DeliveryTurn.Now now, String id) throws DeliveryFailedException {
        var uri = TargetAddress.parse(webhook.url());
        checkOpen(uri);
        var body = AlertMessage.json(now);
        var timestamp = String.valueOf(clock.instant().getEpochSecond());
        var request = HttpRequest.newBuilder(uri)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header("User-Agent", "RemoteGPU")
                .header("webhook-id", id)
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", signature(webhook.secret(), id, timestamp, body))
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofInputStream());
            // Not read: whoever may name targets is not to read by it what answers inside our network.
            answer.body().close();
            if (answer.statusCode() / 100 != 2) {
                throw new DeliveryFailedException("it answered " + answer.statusCode() + ", not 2xx"
                        + (answer.statusCode() / 100 == 3 ? "; redirects are not followed" : ""));
            }
        } catch (HttpConnectTimeoutException e) {
            throw new DeliveryFailedException("no connection within " + CONNECT.toSeconds() + " s");
        } catch (HttpTimeoutException e) {
            throw new DeliveryFailedException("no answer within " + ANSWER.toSeconds() + " s");
        } catch (IOException e) {
            throw new DeliveryFailedException(words(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // Not the target's fault.
            throw new IllegalStateException("the worker is shutting down; another attempt goes on", e);
        }
    }

    /** All that the name stands for; the JVM remembers the answer for longer than it takes to connect. */
    private void checkOpen(URI uri) throws DeliveryFailedException {
        var host = uri.getHost().replaceAll("^\\[|]$", "");
        try {
            for (var address : InetAddress.getAllByName(host)) {
                if (TargetAddress.isClosed(address, !loopback)) {
                    throw new DeliveryFailedException(host + " is " + address.getHostAddress()
                            + ", where nothing is posted to"
                            + (address.isLoopbackAddress() ? ": see remotegpu.alerts.loopback" : ""));
                }
            }
        } catch (UnknownHostException e) {
            throw new DeliveryFailedException("there is no host " + host);
        }
    }

    /** {@code v1,} and the Base64 of HMAC-SHA256 over {@code id.timestamp.body}. */
    static String signature(String secret, String id, String timestamp, String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(
                    Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length())), "HmacSHA256"));
            var signed = mac.doFinal((id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String words(IOException e) {
        var message = e.getMessage();
        return "no connection: " + (message == null ? e.getClass().getSimpleName() : message);
    }
}
