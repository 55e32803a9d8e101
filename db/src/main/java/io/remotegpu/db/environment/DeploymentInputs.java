package io.remotegpu.db.environment;

import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What a driver needs to bring an environment up, put together from the rows. */
@Component
public class DeploymentInputs {

    private final JdbcClient jdbc;
    private final EnvironmentRepository environments;
    private final EnvironmentSecrets secrets;

    DeploymentInputs(JdbcClient jdbc, EnvironmentRepository environments, EnvironmentSecrets secrets) {
        this.jdbc = jdbc;
        this.environments = environments;
        this.secrets = secrets;
    }

    /**
     * Everything, secrets included: never let it into a payload or a log.
     *
     * @throws EnvironmentNotFoundException when there is none
     */
    @Transactional(readOnly = true)
    public Deployment deployment(UUID id) {
        var environment = environments.findById(id).orElseThrow(() -> new EnvironmentNotFoundException(id));
        var owner = environments.ownerOf(id).orElseThrow(() -> new EnvironmentNotFoundException(id));
        return new Deployment(id, owner, environment.spec(), gpus(id), ports(id), credentials(id));
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

    private List<GpuDevice> gpus(UUID id) {
        return jdbc.sql("SELECT gpu_index, uuid, model, memory FROM gpus WHERE allocated_to = ? ORDER BY gpu_index")
                .param(id)
                .query((row, _) -> new GpuDevice(
                        row.getInt("gpu_index"), row.getString("uuid"), row.getString("model"), row.getLong("memory")))
                .list();
    }

    private List<PortBinding> ports(UUID id) {
        return jdbc.sql("""
                        SELECT l.service, coalesce(h.bind_address, h.ip_address) AS address, l.port
                        FROM port_leases l JOIN hosts h ON h.id = l.host_id
                        WHERE l.environment_id = ? ORDER BY l.port""")
                .param(id)
                .query((row, _) -> new PortBinding(
                        Service.fromWireName(row.getString("service")), row.getString("address"), row.getInt("port")))
                .list();
    }
}
