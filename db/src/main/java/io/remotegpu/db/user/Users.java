package io.remotegpu.db.user;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Accounts; what must hold across several of them is in {@link UserAccounts}. */
public interface Users extends Repository<User, Long> {

    Optional<User> findById(long id);

    @Query("SELECT * FROM users WHERE lower(username) = lower(:username)")
    Optional<User> findByUsername(String username);

    @Query("SELECT EXISTS (SELECT 1 FROM users WHERE lower(email) = lower(:email))")
    boolean hasEmail(String email);

    /**
     * One page, oldest account first.
     *
     * @param status only these, or any
     * @param role only these, or any
     * @param text part of the user name or email address, or any
     */
    @Query("""
            SELECT * FROM users
            WHERE (:status::text IS NULL OR status = :status)
              AND (:role::text IS NULL OR role = :role)
              AND (:text::text IS NULL OR strpos(lower(username), lower(:text)) > 0 OR strpos(lower(email), lower(:text)) > 0)
            ORDER BY id LIMIT :limit OFFSET :offset""")
    List<User> page(@Nullable String status, @Nullable String role, @Nullable String text, int limit, long offset);

    /** How many {@link #page} has in all. */
    @Query("""
            SELECT count(*) FROM users
            WHERE (:status::text IS NULL OR status = :status)
              AND (:role::text IS NULL OR role = :role)
              AND (:text::text IS NULL OR strpos(lower(username), lower(:text)) > 0 OR strpos(lower(email), lower(:text)) > 0)""")
    long count(@Nullable String status, @Nullable String role, @Nullable String text);

    @Modifying
    @Query("UPDATE users SET last_login_at = :at WHERE id = :id")
    int loggedIn(long id, Instant at);

    /** Changes the address, unless another account has it: then 0. */
    @Modifying
    @Query("""
            UPDATE users SET email = :email, updated_at = clock_timestamp() WHERE id = :id
              AND NOT EXISTS (SELECT 1 FROM users WHERE lower(email) = lower(:email) AND id <> :id)""")
    int changeEmail(long id, String email);

    /** Changes the password and refuses every token issued before {@code at}. */
    @Modifying
    @Query("""
            UPDATE users SET password_hash = :passwordHash, tokens_valid_from = greatest(tokens_valid_from, :at),
                             updated_at = clock_timestamp() WHERE id = :id""")
    int changePassword(long id, String passwordHash, Instant at);
}
