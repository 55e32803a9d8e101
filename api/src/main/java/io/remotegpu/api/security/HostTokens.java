package io.remotegpu.api.security;

import java.util.Optional;

/** Knows which host a token belongs to. */
@FunctionalInterface
public interface HostTokens {

    /** The host whose token has this hash. */
    Optional<String> hostOf(String tokenHash);
}
