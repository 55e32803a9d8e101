package io.remotegpu.api.user;

import io.remotegpu.api.security.Authorizations;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.Page;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.User;
import io.remotegpu.db.user.UserAccounts;
import io.remotegpu.db.user.UserStatus;
import io.remotegpu.db.user.Users;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "users")
@RestController
@EnableConfigurationProperties(UsersProperties.class)
@RequestMapping("/api/v1/users")
class UsersController {

    private final Users users;
    private final UserAccounts accounts;
    private final Authorizations authorizations;
    private final UsersProperties settings;
    private final Clock clock;

    UsersController(
            Users users, UserAccounts accounts, Authorizations authorizations, UsersProperties settings, Clock clock) {
        this.users = users;
        this.accounts = accounts;
        this.authorizations = authorizations;
        this.settings = settings;
        this.clock = clock;
    }

    @Operation(summary = "All accounts (admin)", description = "Oldest first.")
    @GetMapping
    Page<UserView> list(
            @RequestParam(required = false) @Nullable UserStatus status,
            @RequestParam(required = false) @Nullable Role role,
            @Parameter(description = "Part of the user name or email address")
                    @RequestParam(required = false)
                    @Size(max = 254)
                    @Nullable
                    String q,
            PageRequest page) {
        var wantedStatus = status == null ? null : status.wireName();
        var wantedRole = role == null ? null : role.wireName();
        return Page.of(
                users.page(wantedStatus, wantedRole, q, page.pageSize(), page.offset()),
                page,
                users.count(wantedStatus, wantedRole, q),
                UserView::of);
    }

    @Operation(summary = "One account (admin)")
    @GetMapping("/{id}")
    UserView get(@PathVariable long id) {
        return users.findById(id).map(UserView::of).orElseThrow(() -> ProblemException.notFound("user", id));
    }

    @Operation(
            summary = "Activate or deactivate an account (admin)",
            description =
                    "An inactive user is refused at once, and every token of theirs for good: whoever is activated again "
                            + "logs in anew. What they run is stopped within seconds, and what is queued or on its way is given up, "
                            + "unless the server is set not to; their data stays. The only active admin stays.")
    @PutMapping("/{id}/status")
    UserView changeStatus(
            @PathVariable long id, @Valid @RequestBody UserRequests.StatusChange request, HttpServletRequest http) {
        AuditTrail.detail(http, "status " + request.status().wireName());
        return changed(id, () -> switch (request.status()) {
            case ACTIVE -> accounts.activate(id);
            case INACTIVE ->
                accounts.deactivate(id, clock.instant().truncatedTo(ChronoUnit.MILLIS), settings.stopOnDeactivate());
        });
    }

    @Operation(
            summary = "Make a user an admin, or an admin a user (admin)",
            description = "The only active admin stays one.")
    @PutMapping("/{id}/role")
    UserView changeRole(
            @PathVariable long id, @Valid @RequestBody UserRequests.RoleChange request, HttpServletRequest http) {
        AuditTrail.detail(http, "role " + request.role().wireName());
        return changed(id, () -> accounts.changeRole(id, request.role()));
    }

    private UserView changed(long id, Supplier<Optional<User>> change) {
        try {
            var user = change.get().orElseThrow(() -> ProblemException.notFound("user", id));
            authorizations.changed(user);
            return UserView.of(user);
        } catch (UserAccounts.LastAdminException last) {
            throw ProblemException.of(HttpStatus.CONFLICT, "last_admin", String.valueOf(last.getMessage()));
        }
    }
}
