package io.remotegpu.api.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.remotegpu.api.security.Caller;
import io.remotegpu.api.security.Scope;
import io.remotegpu.api.security.Tokens;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.Items;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.PersonalToken;
import io.remotegpu.db.user.PersonalTokens;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "users")
@RestController
@RequestMapping("/api/v1/users/me/tokens")
class PersonalTokensController {

    private static final int MOST = 50;
    private static final int LONGEST_YEARS = 10;

    private final PersonalTokens tokens;
    private final Clock clock;

    PersonalTokensController(PersonalTokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    @Schema(name = "NewPersonalToken", example = """
            {"name": "nightly job", "scopes": ["read", "write"], "expires_at": "2035-01-31T12:00:00Z"}""")
    record NewPersonalToken(
            @NotNull @Pattern(regexp = SshKeysController.LABEL, message = SshKeysController.LABEL_MESSAGE)
            String name,

            @NotEmpty
            @Size(max = 10)
            @Schema(
                    description =
                            "read: requests that change nothing; write: those that do; admin: administration, for admins")
            List<@NotNull Scope> scopes,

            @Schema(description = "From when on it is refused; never if absent") @Nullable
            Instant expiresAt) {}

    @Schema(name = "PersonalToken")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PersonalTokenView(
            long id,
            String name,
            List<String> scopes,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt,
            Instant createdAt,

            @Schema(description = "The token itself: shown once, when it is made", example = "rgpu_…") @Nullable
            String token) {

        static PersonalTokenView of(PersonalToken token) {
            return shownOnce(token, null);
        }

        static PersonalTokenView shownOnce(PersonalToken token, @Nullable String secret) {
            return new PersonalTokenView(
                    token.id(),
                    token.name(),
                    token.scopes().stream().sorted().toList(),
                    token.expiresAt(),
                    token.lastUsedAt(),
                    token.createdAt(),
                    secret);
        }

        @Override
        public String toString() {
            return "PersonalTokenView[" + id + "]";
        }
    }

    @Operation(summary = "Your personal tokens", description = "Oldest first, without the tokens themselves.")
    @GetMapping
    Items<PersonalTokenView> list(@AuthenticationPrincipal Caller caller) {
        return Items.of(tokens.ofUser(caller.userId()), PersonalTokenView::of);
    }

    @Operation(
            summary = "Make a personal token",
            description = "For scripts; used like a login token. Only this answer has the token. Needs a login.")
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    PersonalTokenView make(
            @AuthenticationPrincipal Caller caller,
            @Valid @RequestBody NewPersonalToken request,
            HttpServletRequest http) {
        if (caller.login() == null) {
            // Otherwise a token could make itself one with more scopes, or one that lasts longer.
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "login_required", "A personal token may not make tokens: log in first.");
        }
        checkExpiry(request.expiresAt());
        if (tokens.ofUser(caller.userId()).size() >= MOST) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT, "too_many_tokens", "You have " + MOST + " tokens: delete one first.");
        }
        var secret = Tokens.generate(Tokens.PERSONAL);
        var scopes = request.scopes().stream()
                .map(Scope::wireName)
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
        var made = tokens.add(caller.userId(), request.name(), Tokens.hash(secret), scopes, request.expiresAt())
                .orElseThrow(() -> ProblemException.conflict(
                        "token_exists",
                        "name",
                        "You have a token named '" + request.name() + "' already: choose another name."));
        AuditTrail.subject(http, "token/" + made.id());
        return PersonalTokenView.shownOnce(made, secret);
    }

    @Operation(summary = "Delete a personal token", description = "It is refused from now on.")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable long id) {
        if (tokens.delete(caller.userId(), id) == 0) {
            throw ProblemException.notFound("token", id);
        }
    }

    private void checkExpiry(@Nullable Instant expiresAt) {
        if (expiresAt == null) {
            return;
        }
        var now = clock.instant();
        if (!expiresAt.isAfter(now)) {
            throw ProblemException.invalid("expires_at", "must be in the future");
        }
        if (expiresAt.isAfter(now.plus(LONGEST_YEARS * 366L, ChronoUnit.DAYS))) {
            throw ProblemException.invalid("expires_at", "must be within " + LONGEST_YEARS + " years");
        }
    }
}
