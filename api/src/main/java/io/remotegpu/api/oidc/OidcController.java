package io.remotegpu.api.oidc;

import io.remotegpu.api.security.LoginTokens;
import io.remotegpu.api.security.SecurityProperties;
import io.remotegpu.api.user.LoginAnswer;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.Users;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "users")
@RestController
@EnableConfigurationProperties(OidcProperties.class)
class OidcController {

    static final String LOGIN = "/api/v1/users/login/oidc";
    static final String CALLBACK = LOGIN + "/callback";

    private static final Logger LOG = LoggerFactory.getLogger(OidcController.class);

    /** What the provider answers when it is the person who cannot or does not want to; RFC 6749 and OpenID Connect Core. */
    private static final Set<String> OF_THE_PERSON = Set.of(
            "access_denied",
            "login_required",
            "consent_required",
            "interaction_required",
            "account_selection_required");

    private final OidcProperties settings;
    private final SecurityProperties security;
    private final ObjectProvider<Provider> provider;
    private final Flows flows;
    private final ProviderAccounts accounts;
    private final Users users;
    private final LoginTokens tokens;
    private final Clock clock;

    OidcController(
            OidcProperties settings,
            SecurityProperties security,
            ObjectProvider<Provider> provider,
            Flows flows,
            ProviderAccounts accounts,
            Users users,
            LoginTokens tokens,
            Clock clock) {
        this.settings = settings;
        this.security = security;
        this.provider = provider;
        this.flows = flows;
        this.accounts = accounts;
        this.users = users;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Schema(name = "LoginProvider")
    record LoginProvider(
            @Schema(description = "What people call it", example = "Example Inc.")
            String name,

            @Schema(description = "Where to send a browser", example = LOGIN)
            String url) {}

    @Schema(name = "LoginWays")
    record LoginWays(
            @Schema(description = "Whether anyone may make an account")
            boolean registration,

            @Schema(description = "Where one can log in besides with a password here") @Nullable
            LoginProvider oidc) {}

    @Operation(summary = "How to log in here")
    @SecurityRequirements
    @GetMapping("/api/v1/users/login")
    LoginWays ways() {
        return new LoginWays(
                security.registration(), settings.isOn() ? new LoginProvider(settings.name(), LOGIN) : null);
    }

    @Operation(
            summary = "Log in at the provider",
            description = "For a browser, which comes back logged in. 404 where no provider is set.")
    @SecurityRequirements
    @ApiResponse(
            responseCode = "302",
            description = "To the provider, with a cookie for the way back",
            content = @Content)
    @GetMapping(LOGIN)
    ResponseEntity<Void> begin(HttpServletRequest http) {
        checkIsOn();
        var request = provider.getObject().begin(http);
        return ResponseEntity.status(HttpStatus.FOUND)
                .location(URI.create(request.getAuthorizationRequestUri()))
                .header(HttpHeaders.SET_COOKIE, flows.begin(request).toString())
                .build();
    }

    @Operation(
            summary = "Come back from the provider",
            description = "Where the provider sends the browser. Answers as a login with a password does, once.")
    @SecurityRequirements
    @GetMapping(CALLBACK)
    LoginAnswer finish(
            @RequestParam(required = false) @Nullable String code,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String iss,
            @RequestParam(required = false) @Nullable String error,
            HttpServletRequest http,
            HttpServletResponse response) {
        checkIsOn();
        AuditTrail.change(http);
        var flow = flows.take(http, state);
        response.addHeader(HttpHeaders.SET_COOKIE, flows.forget().toString());
        if (iss != null && !iss.equals(settings.issuer())) {
            throw ProblemException.badParameter("iss", "another provider than ours sent this answer");
        }
        if (error != null) {
            throw refused(error);
        }
        if (code == null || code.isBlank()) {
            throw ProblemException.badParameter("code", "is missing: begin again at " + LOGIN);
        }
        var person = provider.getObject().finish(flow, code);
        var user = accounts.of(person, http);
        users.loggedIn(user.id(), clock.instant());
        return LoginAnswer.of(tokens.issue(user));
    }

    private ProblemException refused(String error) {
        if (OF_THE_PERSON.contains(error)) {
            return ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "login_denied",
                    settings.name() + " did not let you in, or you did not want to: " + error + ".");
        }
        LOG.warn(
                "The login provider {} refuses our requests: {}",
                settings.issuer(),
                error.replaceAll("\\p{Cntrl}", "?"));
        return ProblemException.tryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                "oidc_unavailable",
                settings.name() + " cannot log anybody in just now; the server's log says more.",
                Duration.ofSeconds(10));
    }

    private void checkIsOn() {
        if (!settings.isOn()) {
            throw ProblemException.of(
                    HttpStatus.NOT_FOUND, "oidc_off", "This server has no login provider: log in with a password.");
        }
    }
}
