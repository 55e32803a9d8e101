package io.remotegpu.db.user;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The personal tokens of users. */
public interface PersonalTokens extends Repository<PersonalToken, Long> {

    /** Oldest first. */
    @Query("SELECT * FROM personal_tokens WHERE user_id = :userId ORDER BY id")
    List<PersonalToken> ofUser(long userId);

    Optional<PersonalToken> findByTokenHash(String tokenHash);

    /**
     * Empty when the user has a token of that name already.
     *
     * @param scopes separated by commas
     */
    @Query("""
            INSERT INTO personal_tokens (user_id, name, token_hash, scopes, expires_at)
            VALUES (:userId, :name, :tokenHash, string_to_array(:scopes, ','), :expiresAt)
            ON CONFLICT DO NOTHING RETURNING *""")
    Optional<PersonalToken> add(long userId, String name, String tokenHash, String scopes, @Nullable Instant expiresAt);

    /** Notes the use, at most once a minute, so that a busy script does not write with every request. */
    @Modifying
    @Query("""
            UPDATE personal_tokens SET last_used_at = now()
            WHERE id = :id AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')""")
    int used(long id);

    /** How many were deleted: 1, or 0 when the user has no such token. */
    @Modifying
    @Query("DELETE FROM personal_tokens WHERE user_id = :userId AND id = :id")
    int delete(long userId, long id);

    /** Whether there still is a token of that id, and it has not expired. */
    @Query("""
            SELECT EXISTS (SELECT 1 FROM personal_tokens
                           WHERE id = :id AND (expires_at IS NULL OR expires_at > clock_timestamp()))""")
    boolean isGood(long id);
}
