package io.remotegpu.api.user;

import io.remotegpu.api.security.Authorizations;
import io.remotegpu.api.security.Caller;
import io.remotegpu.api.security.FirstAdmin;
import io.remotegpu.api.security.LoginTokens;
import io.remotegpu.api.security.SecurityProperties;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.NewUser;
import io.remotegpu.db.user.UserAccounts;
import io.remotegpu.db.user.Users;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.time.Clock;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "users")
@RestController
@RequestMapping("/api/v1/users")
class LoginController {

    private final Users users;
    private final UserAccounts accounts;
    private final Passwords passwords;
    private final LoginTokens tokens;
    private final Authorizations authorizations;
    private final FirstAdmin firstAdmin;
    private final SecurityProperties settings;
    private final Clock clock;

    LoginController(
            Users users,
            UserAccounts accounts,
            Passwords passwords,
            LoginTokens tokens,
            Authorizations authorizations,
            FirstAdmin firstAdmin,
            SecurityProperties settings,
            Clock clock) {
        this.users = users;
        this.accounts = accounts;
        this.passwords = passwords;
        this.tokens = tokens;
        this.authorizations = authorizations;
        this.firstAdmin = firstAdmin;
        this.settings = settings;
        this.clock = clock;
    }

    @Operation(
            summary = "Make an account",
            description = "The first account of an installation is its admin, unless an admin is preset.")
    @SecurityRequirements
    @PostMapping("/register")
    @ResponseStatus(HttpStatus.CREATED)
    UserView register(@Valid @RequestBody UserRequests.Registration request, HttpServletRequest http) {
        if (!settings.registration()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "registration_closed", "Accounts are made by an administrator here.");
        }
        // Before the hash, which costs most of it.
        if (users.findByUsername(request.username()).isPresent()) {
            throw usernameTaken(request);
        }
        if (users.hasEmail(request.email())) {
            throw emailTaken();
        }
        var hash = passwords.accept("password", request.password(), request.username());
        var made = accounts.register(
                new NewUser(request.username(), request.email(), hash), firstAdmin.isFirstRegistered());
        return switch (made) {
            case DONE -> {
                var user = users.findByUsername(request.username()).orElseThrow();
                AuditTrail.subject(http, "user/" + user.id());
                yield UserView.of(user);
            }
            case USERNAME_TAKEN -> throw usernameTaken(request);
            case EMAIL_TAKEN -> throw emailTaken();
        };
    }

    private static ProblemException usernameTaken(UserRequests.Registration request) {
        return ProblemException.conflict(
                "username_taken", "username", "The user name '" + request.username() + "' is taken.");
    }

    private static ProblemException emailTaken() {
        return ProblemException.conflict("email_taken", "email", "Another account has this email address.");
    }

    @Operation(
            summary = "Log in",
            description =
                    "Answers with a token for 24 hours. After wrong passwords the account and the address have to wait.")
    @SecurityRequirements
    @PostMapping("/login")
    LoginAnswer login(@Valid @RequestBody UserRequests.Credentials request, HttpServletRequest http) {
        if (UserRequests.isUsername(request.username())) {
            AuditTrail.subject(http, "account/" + request.username());
        }
        var user = passwords.verify(request.username(), request.password(), http.getRemoteAddr());
        AuditTrail.subject(http, "user/" + user.id());
        if (!user.active()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "account_inactive", "This account is inactive: ask an administrator.");
        }
        users.loggedIn(user.id(), clock.instant());
        return LoginAnswer.of(tokens.issue(user));
    }

    @Operation(summary = "Log out", description = "The presented login token is refused from now on.")
    @PostMapping("/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logout(@AuthenticationPrincipal Caller caller) {
        var login = caller.login();
        if (login == null) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT,
                    "not_a_login",
                    "This is a personal token: delete it at /api/v1/users/me/tokens instead.");
        }
        authorizations.revoke(login);
    }
}
