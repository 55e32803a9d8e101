package io.remotegpu.api.user;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code remotegpu.users}.
 *
 * @param stopOnDeactivate whether what a user runs is stopped when they are deactivated. Whoever has an SSH key in an
 *     environment is in there until it stops, whatever this server says to their tokens.
 */
@ConfigurationProperties("remotegpu.users")
record UsersProperties(@DefaultValue("true") boolean stopOnDeactivate) {}
