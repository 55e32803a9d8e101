package io.remotegpu.api.user;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.Items;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.SshKey;
import io.remotegpu.db.user.SshKeys;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
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
@RequestMapping("/api/v1/users/me/ssh-keys")
class SshKeysController {

    private static final int MOST = 50;
    static final String LABEL = "[^\\p{Cntrl}]{1,64}";
    static final String LABEL_MESSAGE = "must have 1 to 64 characters, none of them a control character";

    private final SshKeys keys;

    SshKeysController(SshKeys keys) {
        this.keys = keys;
    }

    @Schema(name = "NewSshKey", example = """
            {"name": "laptop", "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@laptop"}""")
    record NewSshKey(
            @NotNull @Pattern(regexp = LABEL, message = LABEL_MESSAGE)
            String name,

            @NotNull @Schema(description = "One line of an id_….pub file")
            String publicKey) {}

    @Schema(name = "SshKey")
    record SshKeyView(long id, String name, String keyType, String publicKey, String fingerprint, Instant createdAt) {

        static SshKeyView of(SshKey key) {
            return new SshKeyView(
                    key.id(), key.name(), key.keyType(), key.publicKey(), key.fingerprint(), key.createdAt());
        }
    }

    @Operation(summary = "Your SSH keys", description = "Oldest first.")
    @GetMapping
    Items<SshKeyView> list(@AuthenticationPrincipal Caller caller) {
        return Items.of(keys.ofUser(caller.userId()), SshKeyView::of);
    }

    @Operation(
            summary = "Add an SSH key",
            description = "Environments take the keys their owner has when they are created or started.")
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    SshKeyView add(
            @AuthenticationPrincipal Caller caller, @Valid @RequestBody NewSshKey request, HttpServletRequest http) {
        var key = parse(request.publicKey());
        var existing = keys.ofUser(caller.userId());
        if (existing.size() >= MOST) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT, "too_many_keys", "You have " + MOST + " keys: delete one first.");
        }
        var added = keys.add(caller.userId(), request.name(), key.type(), key.line(), key.fingerprint())
                .orElseThrow(() -> taken(caller, request.name(), key));
        AuditTrail.subject(http, "ssh-key/" + added.id());
        return SshKeyView.of(added);
    }

    @Operation(
            summary = "Delete an SSH key",
            description = "Environments that run keep it until they are started again.")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable long id) {
        if (keys.delete(caller.userId(), id) == 0) {
            throw ProblemException.notFound("SSH key", id);
        }
    }

    private static OpenSshKey parse(String text) {
        try {
            return OpenSshKey.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("public_key", String.valueOf(e.getMessage()));
        }
    }

    private ProblemException taken(Caller caller, String name, OpenSshKey key) {
        return keys.ofUser(caller.userId()).stream()
                .filter(existing -> existing.fingerprint().equals(key.fingerprint()))
                .findFirst()
                .map(existing -> ProblemException.conflict(
                        "ssh_key_exists", "public_key", "You have this key already, as '" + existing.name() + "'."))
                .orElseGet(() -> ProblemException.conflict(
                        "ssh_key_exists", "name", "You have a key named '" + name + "' already: choose another name."));
    }
}
