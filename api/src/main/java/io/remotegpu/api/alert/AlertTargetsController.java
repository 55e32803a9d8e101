package io.remotegpu.api.alert;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.Items;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.alert.AlertTarget;
import io.remotegpu.db.alert.AlertTargets;
import io.remotegpu.db.alert.TargetAddress;
import io.remotegpu.db.invariants.Severity;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
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

@Tag(name = "operations")
@RestController
@RequestMapping("/api/v1/alert-targets")
class AlertTargetsController {

    /** Each of them is told everything, and tried again for as long as it fails. */
    private static final int MOST = 20;

    private static final int SECRET_BYTES = 32;
    private static final int LEAST_SECRET_BYTES = 24;
    private static final int MOST_SECRET_BYTES = 64;
    private static final String SECRET = "whsec_";

    private final SecureRandom random = new SecureRandom();
    private final AlertTargets targets;

    AlertTargetsController(AlertTargets targets) {
        this.targets = targets;
    }

    @Schema(name = "NewAlertTarget", example = """
            {"name": "on-call", "url": "https://alerts.example.com/remotegpu", "min_severity": "warning"}""")
    record NewAlertTarget(
            @NotNull
            @Pattern(
                    regexp = "[^\\p{Cntrl}]{1,64}",
                    message = "must have 1 to 64 characters, none of them a control character")
            String name,

            @NotNull @Schema(description = "Where to; http or https, without user, password or fragment")
            String url,

            @Schema(
                    description =
                            "What deliveries are signed with: whsec_ and the Base64 of 24 to 64 bytes. Without, one is"
                                    + " made, and shown in this answer only.",
                    example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
            @Nullable
            String secret,

            @Pattern(regexp = "info|warning|critical", message = "must be info, warning or critical")
            @Schema(
                    description = "From which severity on; warning, when absent",
                    allowableValues = {"info", "warning", "critical"})
            @Nullable
            String minSeverity) {

        @Override
        public String toString() {
            return "NewAlertTarget[" + name + "]";
        }
    }

    @Schema(name = "AlertTarget")
    record AlertTargetView(
            @Schema(example = "1") long id,
            @Schema(example = "on-call") String name,

            @Schema(example = "https://alerts.example.com/remotegpu")
            String url,

            @Schema(allowableValues = {"info", "warning", "critical"})
            String minSeverity,

            Instant createdAt,

            @Schema(description = "How many attempts have failed since one worked", example = "0")
            int failures,

            @Nullable Instant lastDeliveredAt,
            @Nullable Instant lastFailedAt,

            @Schema(description = "Why the last attempt failed, if it did", example = "it answered 503, not 2xx")
            @Nullable
            String lastError,

            @Schema(description = "Only in the answer to the request that had it made") @Nullable
            String secret) {

        static AlertTargetView of(AlertTarget target) {
            return of(target, null);
        }

        static AlertTargetView of(AlertTarget target, @Nullable String secret) {
            return new AlertTargetView(
                    target.id(),
                    target.name(),
                    target.url(),
                    target.minSeverity().wireName(),
                    target.createdAt(),
                    target.failures(),
                    target.lastDeliveredAt(),
                    target.lastFailedAt(),
                    target.lastError(),
                    secret);
        }

        @Override
        public String toString() {
            return "AlertTargetView[" + id + "]";
        }
    }

    @Operation(
            summary = "Where alerts are posted to (admin)",
            description = "Oldest first, with how each has been answering.")
    @GetMapping
    Items<AlertTargetView> list() {
        return Items.of(targets.all(), AlertTargetView::of);
    }

    @Operation(
            summary = "Have alerts posted somewhere (admin)",
            description = "Signed as https://www.standardwebhooks.com says (webhook-id, webhook-timestamp,"
                    + " webhook-signature); at least once, in no promised order; tried again with growing pauses until it"
                    + " answers 2xx, for a day unless a setting says otherwise. Redirects are not followed.")
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    AlertTargetView add(
            @AuthenticationPrincipal Caller caller,
            @Valid @RequestBody NewAlertTarget request,
            HttpServletRequest http) {
        var secret = request.secret();
        checkUrl(request.url());
        if (secret != null) {
            checkSecret(secret);
        }
        if (targets.all().size() >= MOST) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT, "too_many_targets", "There are " + MOST + " targets: delete one first.");
        }
        var signedWith = secret == null ? generate() : secret;
        var minSeverity = request.minSeverity();
        var severity = minSeverity == null ? Severity.WARNING : Severity.fromWireName(minSeverity);
        var added = targets.add(request.name(), request.url(), signedWith, severity, caller.userId())
                .orElseThrow(() -> ProblemException.conflict(
                        "target_exists",
                        "name",
                        "There is a target named '" + request.name() + "' already: choose another name."));
        AuditTrail.subject(http, "alert-target/" + added.id());
        return AlertTargetView.of(added, secret == null ? signedWith : null);
    }

    @Operation(
            summary = "Have alerts posted there no more (admin)",
            description = "Also what was still to be told to it.")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable long id, HttpServletRequest http) {
        AuditTrail.subject(http, "alert-target/" + id);
        if (targets.delete(id) == 0) {
            throw ProblemException.notFound("alert target", id);
        }
    }

    private static void checkUrl(String url) {
        try {
            TargetAddress.parse(url);
        } catch (IllegalArgumentException wrong) {
            throw ProblemException.invalid("url", String.valueOf(wrong.getMessage()));
        }
    }

    private static void checkSecret(String secret) {
        try {
            if (secret.startsWith(SECRET) && secret.length() <= 2 * MOST_SECRET_BYTES) {
                var bytes = Base64.getDecoder().decode(secret.substring(SECRET.length())).length;
                if (bytes >= LEAST_SECRET_BYTES && bytes <= MOST_SECRET_BYTES) {
                    return;
                }
            }
        } catch (IllegalArgumentException notBase64) {
            // Answered below.
        }
        throw ProblemException.invalid(
                "secret", "must be whsec_ and the Base64 of 24 to 64 bytes; leave it out to have one made");
    }

    private String generate() {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return SECRET + Base64.getEncoder().encodeToString(bytes);
    }
}
