package io.remotegpu.api.user;

import io.remotegpu.api.security.Lockout;
import io.remotegpu.api.security.PasswordPolicy;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.User;
import io.remotegpu.db.user.Users;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Setting and checking passwords. */
@Component
class Passwords {

    private final PasswordEncoder encoder;
    private final PasswordPolicy policy;
    private final Lockout lockout;
    private final Users users;
    /** What an unknown user's password is compared with, so that it takes as long as a known one's. */
    private final String nobodysHash;

    Passwords(PasswordEncoder encoder, PasswordPolicy policy, Lockout lockout, Users users) {
        this.encoder = encoder;
        this.policy = policy;
        this.lockout = lockout;
        this.users = users;
        this.nobodysHash = hash("nobody has this password");
    }

    /** The hash of a password that the policy accepts; 422 naming {@code field} otherwise. */
    String accept(String field, String password, String username) {
        policy.fault(password, username).ifPresent(fault -> {
            throw ProblemException.invalid(field, fault);
        });
        return hash(password);
    }

    /** The user with that name and password. Both the answer and its time are the same for an unknown user. */
    User verify(String username, String password, String address) {
        lockout.check(username, address);
        // What cannot be a name is nobody's, and not worth a look.
        Optional<User> user = UserRequests.isUsername(username) ? users.findByUsername(username) : Optional.empty();
        if (!matches(password, user)) {
            lockout.failed(username, address);
            throw ProblemException.of(
                    HttpStatus.UNAUTHORIZED, "invalid_credentials", "The user name or the password is wrong.");
        }
        lockout.check(username, address);
        lockout.succeeded(username, address);
        return user.orElseThrow();
    }

    private boolean matches(String password, Optional<User> user) {
        var tooLong = password.getBytes(StandardCharsets.UTF_8).length > 72;
        var hash = user.filter(User::hasPassword).map(User::passwordHash);
        var right = encoder.matches(tooLong ? "" : password, hash.orElse(nobodysHash));
        return right && hash.isPresent() && !tooLong;
    }

    private String hash(String password) {
        var hash = encoder.encode(password);
        if (hash == null) {
            throw new IllegalStateException("the password encoder made no hash");
        }
        return hash;
    }
}
