package io.remotegpu.api.security;

import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.LoginFailures;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Slows down whoever guesses passwords; existing and unknown accounts alike.
 *
 * <p>Strictly for an account from one address, and for an address as a whole. For an account from everywhere only by
 * seconds: otherwise anybody could keep its owner out.
 */
@Component
public class Lockout {

    private static final int FROM_EVERYWHERE_TIMES = 10;
    private static final Duration FROM_EVERYWHERE_LONGEST = Duration.ofSeconds(3);
    private static final long PRUNE_EVERY_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int PREFIX_BYTES = 8;

    private final LoginFailures failures;
    private final SecurityProperties.Lockout settings;
    private final AtomicLong prunedNanos = new AtomicLong(System.nanoTime() - PRUNE_EVERY_NANOS);

    Lockout(LoginFailures failures, SecurityProperties settings) {
        this.failures = failures;
        this.settings = settings.lockout();
    }

    /**
     * Refuses with 429 while the account or the address is locked out. Asked before a password is looked at, and again
     * before a right one is accepted: of many guesses at once, those that come after the limit must not count either.
     */
    public void check(String username, String address) {
        var wait = failures.lockedFor(List.of(pair(username, address), account(username), address(address)));
        if (wait.isPositive()) {
            throw ProblemException.tryLater(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "too_many_attempts",
                    "Too many failed logins: try again in " + seconds(wait) + ".",
                    wait);
        }
    }

    public void failed(String username, String address) {
        count(pair(username, address), settings.accountFailures(), settings.longest());
        count(account(username), settings.accountFailures() * FROM_EVERYWHERE_TIMES, FROM_EVERYWHERE_LONGEST);
        count(address(address), settings.addressFailures(), settings.longest());
        prune();
    }

    /** What others guessed from elsewhere stays counted where they guessed it. */
    public void succeeded(String username, String address) {
        failures.forget(pair(username, address));
        failures.forget(account(username));
        prune();
    }

    private void count(String subject, int free, Duration longest) {
        failures.count(subject, free, settings.first(), longest, settings.memory());
    }

    /** Now and then, so that subjects nobody comes back to do not pile up. */
    private void prune() {
        var last = prunedNanos.get();
        if (System.nanoTime() - last >= PRUNE_EVERY_NANOS && prunedNanos.compareAndSet(last, System.nanoTime())) {
            failures.forgetOlderThan(settings.memory());
        }
    }

    private static String seconds(Duration wait) {
        var seconds = wait.plusMillis(999).toSeconds();
        return seconds == 1 ? "1 second" : seconds + " seconds";
    }

    private static String account(String username) {
        return "account:" + username.toLowerCase(Locale.ROOT);
    }

    private static String pair(String username, String address) {
        return account(username) + "|" + network(address);
    }

    private static String address(String address) {
        return "address:" + network(address);
    }

    /** An IPv6 address stands for its /64: whoever has one has all of that. */
    static String network(String address) {
        var zone = address.indexOf('%');
        var literal = zone < 0 ? address : address.substring(0, zone);
        if (!literal.contains(":")) {
            return literal;
        }
        try {
            var bytes = InetAddress.ofLiteral(literal).getAddress();
            return bytes.length <= PREFIX_BYTES
                    ? InetAddress.ofLiteral(literal).getHostAddress()
                    : HexFormat.of().formatHex(bytes, 0, PREFIX_BYTES) + "/64";
        } catch (IllegalArgumentException notAnAddress) {
            return literal;
        }
    }
}
