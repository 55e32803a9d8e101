package io.remotegpu.api.security;

import io.remotegpu.db.user.NewUser;
import io.remotegpu.db.user.UserAccounts;
import io.remotegpu.db.user.Users;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Who administers a new installation: the preset admin, or else the first user who registers. */
@Component
public class FirstAdmin implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(FirstAdmin.class);

    private final SecurityProperties settings;
    private final Users users;
    private final UserAccounts accounts;
    private final PasswordEncoder passwords;
    private final PasswordPolicy policy;

    FirstAdmin(
            SecurityProperties settings,
            Users users,
            UserAccounts accounts,
            PasswordEncoder passwords,
            PasswordPolicy policy) {
        this.settings = settings;
        this.accounts = accounts;
        this.passwords = passwords;
        this.policy = policy;
        this.users = users;
    }

    /** Whether the first registered user becomes admin. */
    public boolean isFirstRegistered() {
        return settings.presetAdmin() == null;
    }

    /** Before the server accepts requests, so that nobody takes the name first. */
    @Override
    public void afterSingletonsInstantiated() {
        var preset = settings.presetAdmin();
        if (preset == null || isThere(preset)) {
            return;
        }
        policy.fault(preset.password(), preset.username()).ifPresent(fault -> {
            throw new IllegalStateException("remotegpu.security.preset-admin.password " + fault);
        });
        var made = accounts.registerAdmin(new NewUser(preset.username(), preset.email(), hash(preset.password())));
        switch (made) {
            case DONE -> LOG.info("Made the preset admin '{}'", preset.username());
            // By another process that starts at the same time.
            case USERNAME_TAKEN -> isThere(preset);
            case EMAIL_TAKEN ->
                throw new IllegalStateException("The preset admin '" + preset.username()
                        + "' cannot be made, because another account has its address: set another "
                        + "remotegpu.security.preset-admin.email");
        }
    }

    private boolean isThere(SecurityProperties.PresetAdmin preset) {
        var user = users.findByUsername(preset.username());
        if (user.isPresent() && !user.get().admin()) {
            throw new IllegalStateException("The account '" + preset.username()
                    + "' is there already and is no admin: set another remotegpu.security.preset-admin.username, or make "
                    + "it an admin");
        }
        return user.isPresent();
    }

    private String hash(String password) {
        var hash = passwords.encode(password);
        if (hash == null) {
            throw new IllegalStateException("the password encoder made no hash");
        }
        return hash;
    }
}
