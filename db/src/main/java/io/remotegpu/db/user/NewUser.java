package io.remotegpu.db.user;

/**
 * An account to be made.
 *
 * @param passwordHash bcrypt, never the password, or {@link User#NO_PASSWORD}
 */
public record NewUser(String username, String email, String passwordHash) {

    @Override
    public String toString() {
        return "NewUser[" + username + "]";
    }
}
