package io.remotegpu.db.user;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The public keys of users. */
public interface SshKeys extends Repository<SshKey, Long> {

    /** Oldest first. */
    @Query("SELECT * FROM ssh_keys WHERE user_id = :userId ORDER BY id")
    List<SshKey> ofUser(long userId);

    /** Empty when the user has a key of that name or fingerprint already. */
    @Query("""
            INSERT INTO ssh_keys (user_id, name, key_type, public_key, fingerprint)
            VALUES (:userId, :name, :keyType, :publicKey, :fingerprint)
            ON CONFLICT DO NOTHING RETURNING *""")
    Optional<SshKey> add(long userId, String name, String keyType, String publicKey, String fingerprint);

    /** How many were deleted: 1, or 0 when the user has no such key. */
    @Modifying
    @Query("DELETE FROM ssh_keys WHERE user_id = :userId AND id = :id")
    int delete(long userId, long id);
}
