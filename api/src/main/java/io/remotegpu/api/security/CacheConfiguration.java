package io.remotegpu.api.security;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where authorizations are remembered: in memory, or in Redis where its address is set. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheProperties.class)
class CacheConfiguration {

    @Bean
    AuthorizationCache authorizationCache(CacheProperties settings, Clock clock) {
        var redis = settings.redisUrl();
        return redis == null
                ? new MemoryCache(settings.lifetime(), clock)
                : new RedisCache(RedisConnections.to(redis, settings.redisTimeout()), settings.lifetime());
    }
}
