package io.remotegpu.drivers.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What opens an environment's services. Never part of a Temporal payload, a log line or an engine's metadata; drivers
 * hand it over as files in {@code /run/remotegpu} inside the environment.
 *
 * @param authorizedKeys OpenSSH public key lines of the owner
 * @param jupyterToken present where the type has Jupyter
 * @param password for VNC and RDP, 8 characters (VNC's limit); present where the type has them
 */
public record Credentials(
        List<String> authorizedKeys,
        @Nullable String jupyterToken,
        @Nullable String password) {

    public Credentials {
        authorizedKeys = List.copyOf(authorizedKeys);
    }

    @Override
    public String toString() {
        return "Credentials[" + authorizedKeys.size() + " keys, secrets withheld]";
    }
}
