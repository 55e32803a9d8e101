package io.remotegpu.db.user;

import java.time.Instant;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A public key with which its owner reaches their environments.
 *
 * @param keyType for example {@code "ssh-ed25519"}
 * @param publicKey one line: type, base64, optional comment
 * @param fingerprint {@code "SHA256:…"} as OpenSSH prints it
 */
@Table("ssh_keys")
public record SshKey(
        @Id long id,
        long userId,
        String name,
        String keyType,
        String publicKey,
        String fingerprint,
        Instant createdAt) {}
