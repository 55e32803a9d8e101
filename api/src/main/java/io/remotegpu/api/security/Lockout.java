package io.remotegpu.api.security;

import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.LoginFailures;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Slows down whoever guesses passwords, per account and per address; existing and unknown accounts alike. */
@Component
public class Lockout {

    private final LoginFailures failures;
    private final SecurityProperties.Lockout settings;

    Lockout(LoginFailures failures, SecurityProperties settings) {
        this.failures = failures;
        this.settings = settings.lockout();
    }

    /**
     * Refuses with 429 while the account or the address is locked out. Asked before a password is looked at, and again
     * before a right one is accepted: of many guesses at once, those that come after the limit must not count either.
     */
    public void check(String username, String address) {
        var wait = failures.lockedFor(List.of(account(username), address(address)));
        if (wait.isPositive()) {
            throw ProblemException.tryLater(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "too_many_attempts",
                    "Too many failed logins: try again in " + seconds(wait) + ".",
                    wait);
        }
    }

    public void failed(String username, String address) {
        count(account(username), settings.accountFailures());
        count(address(address), settings.addressFailures());
    }

    public void succeeded(String username) {
        failures.forget(account(username));
        failures.forgetOlderThan(settings.memory());
    }

    private void count(String subject, int free) {
        failures.count(subject, free, settings.first(), settings.longest(), settings.memory());
    }

    private static String seconds(Duration wait) {
        var seconds = wait.plusMillis(999).toSeconds();
        return seconds == 1 ? "1 second" : seconds + " seconds";
    }

    private static String account(String username) {
        return "account:" + username.toLowerCase(Locale.ROOT);
    }

    private static String address(String address) {
        return "address:" + address;
    }
}
