package io.remotegpu.db.user;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Changes of accounts whose rules span more than one row; each call is one transaction. */
@Component
public class UserAccounts {

    // Taken only while there is no account at all, by whoever may become the first.
    private static final long FIRST_USER_LOCK = 0x52_47_50_55_01L;

    private final JdbcClient jdbc;
    private final Users users;

    UserAccounts(JdbcClient jdbc, Users users) {
        this.jdbc = jdbc;
        this.users = users;
    }

    /** What came of {@link #register}. */
    public enum Registered {
        DONE,
        USERNAME_TAKEN,
        EMAIL_TAKEN
    }

    /**
     * Makes an active account.
     *
     * @param firstIsAdmin whether the first account of the installation becomes its admin; exactly one does, however
     *     many register at once
     */
    @Transactional
    public Registered register(NewUser user, boolean firstIsAdmin) {
        var role = firstIsAdmin && isFirst() ? Role.ADMIN : Role.USER;
        return insert(user, role);
    }

    /**
     * Makes an active account without a password, for somebody whom a login provider knows.
     *
     * @param role which, or null for that of {@link #register(NewUser, boolean)}
     * @throws org.springframework.dao.DuplicateKeyException when the identity has an account meanwhile
     */
    @Transactional
    public Registered register(NewUser user, Identity identity, @Nullable Role role, boolean firstIsAdmin) {
        var made = role == null ? register(user, firstIsAdmin) : insert(user, role);
        if (made == Registered.DONE) {
            jdbc.sql("""
                            INSERT INTO user_identities (issuer, subject, user_id)
                            SELECT ?, ?, id FROM users WHERE username = ?""")
                    .params(identity.issuer(), identity.subject(), user.username())
                    .update();
        }
        return made;
    }

    /** Makes an active admin; {@link Registered#USERNAME_TAKEN} when the account is there already. */
    @Transactional
    public Registered registerAdmin(NewUser user) {
        return insert(user, Role.ADMIN);
    }

    /**
     * Makes a user an admin or takes that away.
     *
     * @return the account as it is now, or empty when there is none of that id
     * @throws LastAdminException when nobody would be left to administer
     */
    @Transactional
    public Optional<User> changeRole(long id, Role role) {
        keepAnAdmin(id, role == Role.USER);
        jdbc.sql("UPDATE users SET role = ?, updated_at = clock_timestamp() WHERE id = ?")
                .params(role.wireName(), id)
                .update();
        return users.findById(id);
    }

    /**
     * Lets a user back in, who has to log in anew; what was stopped stays stopped.
     *
     * @return the account as it is now, or empty when there is none of that id
     */
    @Transactional
    public Optional<User> activate(long id) {
        jdbc.sql("""
                        UPDATE users SET status = 'active', stops_since = NULL, updated_at = clock_timestamp()
                        WHERE id = ?""").param(id).update();
        return users.findById(id);
    }

    /**
     * Keeps a user out, with every token issued before {@code at}, for good. Again, it changes nothing of what was said before.
     *
     * @param stops whether what they run is stopped, soon, by {@link DeactivatedEnvironments}
     * @return the account as it is now, or empty when there is none of that id
     * @throws LastAdminException when nobody would be left to administer
     */
    @Transactional
    public Optional<User> deactivate(long id, Instant at, boolean stops) {
        keepAnAdmin(id, true);
        jdbc.sql("""
                        UPDATE users SET status = 'inactive', tokens_valid_from = greatest(tokens_valid_from, :at),
                            stops_since = CASE WHEN :stops THEN coalesce(stops_since, clock_timestamp()) ELSE stops_since END,
                            updated_at = clock_timestamp()
                        WHERE id = :id""")
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("stops", stops)
                .param("id", id)
                .update();
        return users.findById(id);
    }

    /** The only active admin can be neither demoted nor deactivated. */
    public static final class LastAdminException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        LastAdminException() {
            super("This is the only active admin: make another user an admin first.");
        }
    }

    private Registered insert(NewUser user, Role role) {
        var inserted = jdbc.sql("""
                        INSERT INTO users (username, email, password_hash, role) VALUES (?, ?, ?, ?)
                        ON CONFLICT DO NOTHING""")
                .params(user.username(), user.email(), user.passwordHash(), role.wireName())
                .update();
        if (inserted == 1) {
            return Registered.DONE;
        }
        return users.findByUsername(user.username()).isPresent() ? Registered.USERNAME_TAKEN : Registered.EMAIL_TAKEN;
    }

    private boolean isFirst() {
        if (anyone()) {
            return false;
        }
        jdbc.sql("SELECT pg_advisory_xact_lock(?)")
                .param(FIRST_USER_LOCK)
                .query((row, number) -> number)
                .list();
        // A new statement sees what whoever held the lock before has committed.
        return !anyone();
    }

    private boolean anyone() {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM users)")
                .query(Boolean.class)
                .single();
    }

    private void keepAnAdmin(long id, boolean loses) {
        if (!loses) {
            return;
        }
        // Locking all of them makes two admins who demote each other at once take turns.
        var admins = jdbc.sql("SELECT id FROM users WHERE role = 'admin' AND status = 'active' ORDER BY id FOR UPDATE")
                .query(Long.class)
                .list();
        if (admins.equals(List.of(id))) {
            throw new LastAdminException();
        }
    }
}
