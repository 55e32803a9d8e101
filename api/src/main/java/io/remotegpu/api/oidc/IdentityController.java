package io.remotegpu.api.oidc;

import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.Identities;
import io.remotegpu.db.user.Identity;
import io.remotegpu.db.user.Users;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Whom the provider knows an account's user as: where a login there does not make an account, an admin links one. */
@Tag(name = "users")
@RestController
@RequestMapping("/api/v1/users/{id}/identity")
class IdentityController {

    private final OidcProperties settings;
    private final Identities identities;
    private final Users users;

    IdentityController(OidcProperties settings, Identities identities, Users users) {
        this.settings = settings;
        this.identities = identities;
        this.users = users;
    }

    @Schema(name = "NewIdentity", example = """
            {"subject": "248289761001"}""")
    record NewIdentity(
            @NotNull
            @Pattern(
                    regexp = "[^\\p{Cntrl}]*[^\\p{Cntrl}\\s][^\\p{Cntrl}]*",
                    message = "must not be blank, and have no control characters")
            @Size(max = 255)
            @Schema(description = "The provider's 'sub' of that person, as a refused login says it")
            String subject) {}

    @Schema(name = "Identity")
    record IdentityView(
            @Schema(example = "https://login.example.org") String issuer,
            @Schema(example = "248289761001") String subject) {

        static IdentityView of(Identity identity) {
            return new IdentityView(identity.issuer(), identity.subject());
        }
    }

    @Operation(summary = "Whom the login provider knows a user as (admin)")
    @GetMapping
    IdentityView get(@PathVariable long id) {
        return identities
                .of(id, settings.issuer())
                .map(IdentityView::of)
                .orElseThrow(() -> ProblemException.notFound("identity of user", id));
    }

    @Operation(
            summary = "Let somebody at the login provider log in to an account (admin)",
            description = "In place of who could before. Its password, if it has one, stays good.")
    @PutMapping
    IdentityView link(@PathVariable long id, @Valid @RequestBody NewIdentity request, HttpServletRequest http) {
        if (!settings.isOn()) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT, "oidc_off", "This server has no login provider: set remotegpu.oidc.issuer.");
        }
        if (users.findById(id).isEmpty()) {
            throw ProblemException.notFound("user", id);
        }
        AuditTrail.detail(http, "subject " + request.subject());
        var identity = new Identity(settings.issuer(), request.subject());
        if (!identities.link(id, identity)) {
            throw ProblemException.conflict(
                    "identity_taken", "subject", "Another account has this subject: take it from there first.");
        }
        return IdentityView.of(identity);
    }

    @Operation(
            summary = "Let nobody log in to an account by the login provider (admin)",
            description = "Tokens of before stay good: deactivate the account where they must not.")
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unlink(@PathVariable long id) {
        if (!identities.unlink(id, settings.issuer())) {
            throw ProblemException.notFound("identity of user", id);
        }
    }
}
