package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.Credentials;
import java.util.UUID;

/** Where a host reads an environment's secrets by its id, because they never enter a Temporal payload. */
@FunctionalInterface
public interface CredentialSource {

    Credentials credentials(UUID environmentId);
}
