package io.remotegpu.api.host;

import io.remotegpu.api.security.HostTokens;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostRepository;
import java.util.Optional;
import org.springframework.stereotype.Component;

@Component
final class StoredHostTokens implements HostTokens {

    private final HostRepository hosts;

    StoredHostTokens(HostRepository hosts) {
        this.hosts = hosts;
    }

    @Override
    public Optional<String> hostOf(String tokenHash) {
        return hosts.findByTokenHash(tokenHash).map(Host::id);
    }
}
