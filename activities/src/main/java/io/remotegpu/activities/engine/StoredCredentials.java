package io.remotegpu.activities.engine;

import io.remotegpu.db.environment.DeploymentInputs;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.UUID;

/** From the rows; nothing for what is placed on a host that was declared lost: it is to go to another one. */
public record StoredCredentials(DeploymentInputs inputs) implements CredentialSource {

    @Override
    public Credentials credentials(UUID environmentId) {
        if (inputs.isOnLostHost(environmentId)) {
            throw new DriverException(ErrorKind.NO_CAPACITY, "its host was declared lost");
        }
        return inputs.credentials(environmentId);
    }
}
