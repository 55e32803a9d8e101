package io.remotegpu.db.environment;

import io.remotegpu.drivers.spi.Credentials;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

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

    /** The owner's public keys as they are now, and the environment's generated secrets; of no environment, none. */
    public Credentials credentials(UUID id) {
        return jdbc.sql("""
                        SELECT ARRAY(SELECT public_key FROM ssh_keys k WHERE k.user_id = e.user_id ORDER BY k.id) AS keys,
                            (SELECT ciphertext FROM environment_secrets WHERE environment_id = e.id AND name = ?) AS token,
                            (SELECT ciphertext FROM environment_secrets WHERE environment_id = e.id AND name = ?) AS password
                        FROM environments e WHERE e.id = ?""")
                .params(EnvironmentSecrets.JUPYTER_TOKEN, EnvironmentSecrets.PASSWORD, id)
                .query((row, _) -> new Credentials(
                        List.of((String[]) row.getArray("keys").getArray()),
                        open(id, EnvironmentSecrets.JUPYTER_TOKEN, row.getBytes("token")),
                        open(id, EnvironmentSecrets.PASSWORD, row.getBytes("password"))))
                .optional()
                .orElseGet(() -> new Credentials(List.of(), null, null));
    }

    /** Whether the environment's place is that host, so that the host may know of it; never once it is deleted. */
    public boolean isOn(UUID id, String hostId) {
        return jdbc.sql(
                        "SELECT EXISTS (SELECT 1 FROM environments WHERE id = ? AND host_id = ? AND status <> 'deleted')")
                .params(id, hostId)
                .query(Boolean.class)
                .single();
    }

    /** Whether the environment's place was declared lost and is not swept yet: then nothing is brought up there. */
    public boolean isOnLostHost(UUID id) {
        return jdbc.sql("""
                        SELECT EXISTS (SELECT 1 FROM environments e JOIN hosts h ON h.id = e.host_id
                            WHERE e.id = ? AND h.unswept)""").param(id).query(Boolean.class).single();
    }

    private @Nullable String open(UUID id, String name, byte @Nullable [] ciphertext) {
        return ciphertext == null ? null : secrets.open(id, name, ciphertext);
    }
}
