package io.remotegpu.db.environment;

import io.remotegpu.drivers.spi.Credentials;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What a driver needs to bring an environment up and no workflow carries. Spec, GPUs and ports travel in the step's
 * payload; secrets are read here, by id, at the moment they are used.
 */
@Component
public class DeploymentInputs {

    private final JdbcClient jdbc;
    private final EnvironmentSecrets secrets;

    DeploymentInputs(JdbcClient jdbc, EnvironmentSecrets secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    /** The owner's public keys as they are now, and the environment's generated secrets. */
    @Transactional(readOnly = true)
    public Credentials credentials(UUID id) {
        var keys = jdbc.sql("""
                        SELECT k.public_key FROM ssh_keys k JOIN environments e ON e.user_id = k.user_id
                        WHERE e.id = ? ORDER BY k.id""").param(id).query((row, _) -> row.getString(1)).list();
        return new Credentials(
                keys,
                secrets.read(id, EnvironmentSecrets.JUPYTER_TOKEN).orElse(null),
                secrets.read(id, EnvironmentSecrets.PASSWORD).orElse(null));
    }
}
