package io.remotegpu.api.oidc;

import io.remotegpu.api.security.Authorizations;
import io.remotegpu.api.security.FirstAdmin;
import io.remotegpu.api.user.UserRequests;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.Identities;
import io.remotegpu.db.user.Identity;
import io.remotegpu.db.user.NewUser;
import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.User;
import io.remotegpu.db.user.UserAccounts;
import io.remotegpu.db.user.UserAccounts.Registered;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The account of whom the provider vouches for: found by issuer and subject, and by nothing else. Names and addresses that a
 * provider says may be another's here, so they never find an account.
 */
@Component
class ProviderAccounts {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderAccounts.class);
    private static final int LONGEST_SUBJECT = 255;

    private final OidcProperties settings;
    private final Identities identities;
    private final UserAccounts accounts;
    private final Authorizations authorizations;
    private final FirstAdmin firstAdmin;

    ProviderAccounts(
            OidcProperties settings,
            Identities identities,
            UserAccounts accounts,
            Authorizations authorizations,
            FirstAdmin firstAdmin) {
        this.settings = settings;
        this.identities = identities;
        this.accounts = accounts;
        this.authorizations = authorizations;
        this.firstAdmin = firstAdmin;
    }

    /**
     * The active account of that person, with the role that their claims give it; made where there is none yet.
     *
     * @throws ProblemException 403 or 409 when there is none, and why
     */
    User of(Person person, HttpServletRequest http) {
        var subject = person.subject();
        if (subject.isBlank()
                || subject.length() > LONGEST_SUBJECT
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw unusable("sub");
        }
        AuditTrail.subject(http, "identity/" + subject);
        var identity = new Identity(settings.issuer(), subject);
        var found = identities.user(identity);
        found.ifPresent(user -> AuditTrail.subject(http, "user/" + user.id()));
        if (found.isPresent() && !found.get().active()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "account_inactive", "This account is inactive: ask an administrator.");
        }
        var role = role(person.claims());
        var user = found.isPresent() ? withRole(found.get(), role, http) : make(identity, person.claims(), role);
        AuditTrail.subject(http, "user/" + user.id());
        return user;
    }

    /** Null where roles are given here. */
    private @Nullable Role role(Claims claims) {
        if (settings.rolesClaim().isBlank()) {
            return null;
        }
        var said = claims.values(settings.rolesClaim());
        if (!Collections.disjoint(said, settings.adminRoles())) {
            return Role.ADMIN;
        }
        if (settings.userRoles().isEmpty() || !Collections.disjoint(said, settings.userRoles())) {
            return Role.USER;
        }
        throw ProblemException.of(
                HttpStatus.FORBIDDEN,
                "role_missing",
                settings.name() + " gives you none of the roles that are let in here: ask for one there.");
    }

    private User withRole(User user, @Nullable Role role, HttpServletRequest http) {
        if (role == null || role == user.role()) {
            return user;
        }
        try {
            var changed = accounts.changeRole(user.id(), role).orElseThrow();
            authorizations.changed(changed);
            AuditTrail.detail(http, "role " + role.wireName());
            return changed;
        } catch (UserAccounts.LastAdminException last) {
            LOG.warn("{} stays an admin, although {} says otherwise: it is the only active one", user, settings.name());
            AuditTrail.detail(http, "role admin stays: the only active one");
            return user;
        }
    }

    private User make(Identity identity, Claims claims, @Nullable Role role) {
        if (!settings.createAccounts()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "no_account",
                    "You have no account here. An administrator can link one: " + howToLink(identity));
        }
        var username = username(claims);
        var email = claims.text("email").filter(UserRequests::isEmail).orElseThrow(() -> unusable("email"));
        Registered made;
        try {
            made = accounts.register(
                    new NewUser(username, email, User.NO_PASSWORD), identity, role, firstAdmin.isFirstRegistered());
        } catch (DuplicateKeyException meanwhile) {
            made = Registered.DONE;
        }
        // Whose name is taken may be somebody whose other login has just made the account.
        var user = identities.user(identity);
        if (user.isPresent()) {
            return user.get();
        }
        throw made == Registered.EMAIL_TAKEN
                ? ProblemException.conflict(
                        "email_taken",
                        "email",
                        "Another account has your email address. If it is yours, an administrator can link it: "
                                + howToLink(identity))
                : ProblemException.conflict(
                        "username_taken",
                        "username",
                        "The user name '" + username
                                + "' is taken. If that account is yours, an administrator can link it: "
                                + howToLink(identity));
    }

    private static String howToLink(Identity identity) {
        return "PUT /api/v1/users/{id}/identity with the subject '" + identity.subject() + "'.";
    }

    /** As the claim says, or of an address the part before its @. */
    private String username(Claims claims) {
        var said = claims.text(settings.usernameClaim());
        return said.filter(UserRequests::isUsername)
                .or(() -> said.map(address -> address.split("@", 2)[0]).filter(UserRequests::isUsername))
                .orElseThrow(() -> unusable(settings.usernameClaim()));
    }

    private ProblemException unusable(String claim) {
        return ProblemException.of(
                HttpStatus.FORBIDDEN,
                "claim_unusable",
                settings.name() + " says no '" + claim + "' that can be used here: have it set there, or another claim"
                        + " or scope named in this server's settings.");
    }
}
