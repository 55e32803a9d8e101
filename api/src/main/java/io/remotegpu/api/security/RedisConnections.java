package io.remotegpu.api.security;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import java.net.URI;
import java.time.Duration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The connection to Redis: fails fast, because the database can answer instead. */
final class RedisConnections {

    static LettuceConnectionFactory to(URI url, Duration timeout) {
        var options = ClientOptions.builder()
                // While disconnected, refuse at once instead of queueing.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(timeout).build())
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .build();
        var client = LettuceClientConfiguration.builder().clientOptions(options).commandTimeout(timeout);
        if ("rediss".equals(url.getScheme())) {
            client.useSsl();
        }
        var factory = new LettuceConnectionFactory(
                LettuceConnectionFactory.createRedisConfiguration(RedisURI.create(url)), client.build());
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }

    private RedisConnections() {}
}
