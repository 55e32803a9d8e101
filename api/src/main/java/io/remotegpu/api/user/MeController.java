package io.remotegpu.api.user;

import io.remotegpu.api.security.Authorizations;
import io.remotegpu.api.security.Caller;
import io.remotegpu.api.security.LoginTokens;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.User;
import io.remotegpu.db.user.Users;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "users")
@RestController
@RequestMapping("/api/v1/users/me")
class MeController {

    private final Users users;
    private final Passwords passwords;
    private final LoginTokens tokens;
    private final Authorizations authorizations;
    private final Clock clock;

    MeController(Users users, Passwords passwords, LoginTokens tokens, Authorizations authorizations, Clock clock) {
        this.users = users;
        this.passwords = passwords;
        this.tokens = tokens;
        this.authorizations = authorizations;
        this.clock = clock;
    }

    @Operation(summary = "Your account")
    @GetMapping
    UserView me(@AuthenticationPrincipal Caller caller) {
        return UserView.of(user(caller));
    }

    @Operation(summary = "Change your email address")
    @PutMapping
    UserView change(@AuthenticationPrincipal Caller caller, @Valid @RequestBody UserRequests.Profile request) {
        var changed = 0;
        try {
            changed = users.changeEmail(caller.userId(), request.email());
        } catch (DuplicateKeyException takenMeanwhile) {
            // answered below
        }
        if (changed == 0) {
            throw ProblemException.conflict("email_taken", "email", "Another account has this email address.");
        }
        return UserView.of(user(caller));
    }

    @Operation(
            summary = "Change your password",
            description =
                    "Every token issued before, personal ones too, is refused from now on; the answer has a new one.")
    @PutMapping("/password")
    LoginAnswer changePassword(
            @AuthenticationPrincipal Caller caller,
            @Valid @RequestBody UserRequests.PasswordChange request,
            HttpServletRequest http) {
        if (caller.login() == null) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "login_required", "A personal token may not do that: log in first.");
        }
        if (!user(caller).hasPassword()) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT, "no_password", "This account has no password: it logs in at a provider.");
        }
        var hash = passwords.accept("new_password", request.newPassword(), caller.username());
        try {
            passwords.verify(caller.username(), request.currentPassword(), http.getRemoteAddr());
        } catch (ProblemException refused) {
            throw refused.status() == HttpStatus.UNAUTHORIZED
                    ? ProblemException.of(HttpStatus.FORBIDDEN, "invalid_credentials", "The current password is wrong.")
                    : refused;
        }
        users.changePassword(caller.userId(), hash, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        var user = user(caller);
        authorizations.changed(user);
        return LoginAnswer.of(tokens.issue(user));
    }

    private User user(Caller caller) {
        return users.findById(caller.userId()).orElseThrow(() -> ProblemException.notFound("user", caller.userId()));
    }
}
