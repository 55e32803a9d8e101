package io.remotegpu.api.security;

import io.remotegpu.db.user.NewUser;
import io.remotegpu.db.user.UserAccounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Who administers a new installation: the preset admin, or else the first user who registers. */
@Component
public class FirstAdmin implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(FirstAdmin.class);

    private final SecurityProperties settings;
    private final UserAccounts accounts;
    private final PasswordEncoder passwords;

    FirstAdmin(SecurityProperties settings, UserAccounts accounts, PasswordEncoder passwords) {
        this.settings = settings;
        this.accounts = accounts;
        this.passwords = passwords;
    }

    /** Whether the first registered user becomes admin. */
    public boolean isFirstRegistered() {
        return settings.presetAdmin() == null;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        var preset = settings.presetAdmin();
        if (preset == null) {
            return;
        }
        var made = accounts.registerAdmin(new NewUser(preset.username(), preset.email(), hash(preset.password())));
        switch (made) {
            case DONE -> LOG.info("Made the preset admin '{}'", preset.username());
            case USERNAME_TAKEN -> LOG.debug("The preset admin '{}' is there already", preset.username());
            case EMAIL_TAKEN ->
                LOG.warn(
                        "The preset admin '{}' was not made: another account has the address {}",
                        preset.username(),
                        preset.email());
        }
    }

    private String hash(String password) {
        var hash = passwords.encode(password);
        if (hash == null) {
            throw new IllegalStateException("the password encoder made no hash");
        }
        return hash;
    }
}
