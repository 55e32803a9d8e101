package io.remotegpu.db.user;

import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which account is whose, of those whom a login provider knows. */
@Repository
public class Identities {

    private final JdbcClient jdbc;
    private final Users users;

    Identities(JdbcClient jdbc, Users users) {
        this.jdbc = jdbc;
        this.users = users;
    }

    /** The account of that identity. */
    public Optional<User> user(Identity identity) {
        return jdbc.sql("SELECT user_id FROM user_identities WHERE issuer = ? AND subject = ?")
                .params(identity.issuer(), identity.subject())
                .query(Long.class)
                .optional()
                .flatMap(users::findById);
    }

    /** Whom that issuer knows the user as. */
    public Optional<Identity> of(long userId, String issuer) {
        return jdbc.sql("SELECT subject FROM user_identities WHERE user_id = ? AND issuer = ?")
                .params(userId, issuer)
                .query(String.class)
                .optional()
                .map(subject -> new Identity(issuer, subject));
    }

    /**
     * Gives the identity to an account, in place of another of the same issuer. Again, it changes nothing.
     *
     * @return false when it is that of another account, and nothing was changed
     */
    public boolean link(long userId, Identity identity) {
        try {
            jdbc.sql("""
                            INSERT INTO user_identities (issuer, subject, user_id) VALUES (?, ?, ?)
                            ON CONFLICT (user_id, issuer) DO UPDATE SET subject = excluded.subject""").params(identity.issuer(), identity.subject(), userId).update();
            return true;
        } catch (DuplicateKeyException another) {
            return user(identity).filter(user -> user.id() == userId).isPresent();
        }
    }

    /** Takes it away; whether there was one. */
    public boolean unlink(long userId, String issuer) {
        return jdbc.sql("DELETE FROM user_identities WHERE user_id = ? AND issuer = ?")
                        .params(userId, issuer)
                        .update()
                > 0;
    }
}
