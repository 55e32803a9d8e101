package io.remotegpu.api.security;

import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.api.web.Problems;
import io.remotegpu.api.web.StatusProblems;
import io.remotegpu.db.secret.InstallationKey;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;

/** Which routes need whom. What a user may do with one environment is decided where environments are looked up. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableConfigurationProperties({SecurityProperties.class, RateLimitProperties.class})
class SecurityConfiguration {

    private static final String API = "/api/v1";
    /** To be read by every user, to be changed by admins. */
    private static final String[] FOR_ALL_USERS = {API + "/quotas/usage", API + "/gpus", API + "/gpus/{id}"};

    /** How one logs in, and by way of a provider. */
    private static final String[] OF_LOGIN = {
        API + "/users/login", API + "/users/login/oidc", API + "/users/login/oidc/callback"
    };

    /** For a host's own token, and for no user's, not even an admin's. */
    private static final String[] OF_AGENTS = {
        API + "/hosts/{id}/heartbeat",
        API + "/hosts/{id}/agent",
        API + "/hosts/{id}/environments/**",
        API + "/hosts/{id}/gpu-errors",
        API + "/hosts/{id}/log-streams",
        API + "/hosts/{id}/log-streams/{stream}"
    };

    /**
     * Security's headers are there before a request is handled. Written when the filter ends, as is the default, they
     * would race with the first event of a stream, which another thread sends: Tomcat's headers are for one thread.
     */
    private static final ObjectPostProcessor<HeaderWriterFilter> WRITTEN_FIRST = new ObjectPostProcessor<>() {
        @Override
        public <F extends HeaderWriterFilter> F postProcess(F filter) {
            filter.setShouldWriteHeadersEagerly(true);
            return filter;
        }
    };

    /** What a browser may load for our pages, which are those of /docs: nothing from elsewhere, and in no frame. */
    private static final String ONLY_OUR_OWN =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                    + " img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none';"
                    + " frame-ancestors 'none'";

    private static final ProblemException NO_SUCH_LINK = ProblemException.of(
            HttpStatus.UNAUTHORIZED,
            "unauthorized",
            "This address is not, or no longer, good: make another by POST " + CodecLinks.LINKS + ".");

    @Bean
    RateLimits rateLimits(RateLimitProperties settings) {
        return new RateLimits(settings, TimeMeter.SYSTEM_NANOTIME);
    }

    @Bean
    SecurityFilterChain routes(
            HttpSecurity http, BearerTokens tokens, RateLimits limits, Problems problems, MeterRegistry metrics)
            throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .cors(Customizer.withDefaults())
                .headers(headers -> headers.withObjectPostProcessor(WRITTEN_FIRST)
                        .contentSecurityPolicy(policy -> policy.policyDirectives(ONLY_OUR_OWN))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER))
                        // Sent over HTTPS only; other names of the domain are not ours to speak for.
                        .httpStrictTransportSecurity(hsts -> hsts.includeSubDomains(false)))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .addFilterBefore(new BearerFilter(tokens, limits, problems), AnonymousAuthenticationFilter.class)
                .addFilterAfter(new RateFilter(limits, problems, metrics), BearerFilter.class)
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint((request, response, e) -> {
                            response.setHeader("WWW-Authenticate", "Bearer");
                            problems.write(
                                    request,
                                    response,
                                    CodecLinks.link(request) == null
                                            ? StatusProblems.of(HttpStatus.UNAUTHORIZED)
                                            : NO_SUCH_LINK);
                        })
                        .accessDeniedHandler((request, response, e) ->
                                problems.write(request, response, StatusProblems.of(HttpStatus.FORBIDDEN))))
                .authorizeHttpRequests(routes -> routes.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(HttpMethod.POST, API + "/users/register", API + "/users/login")
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, OF_LOGIN)
                        .permitAll()
                        .requestMatchers(HttpMethod.HEAD, OF_LOGIN)
                        .permitAll()
                        .requestMatchers(HttpMethod.POST, API + "/users/logout")
                        .hasRole("USER")
                        .requestMatchers(OF_AGENTS)
                        .hasRole("HOST")
                        .requestMatchers(API + "/users/me", API + "/users/me/**")
                        .access(Access.OF_SCOPE)
                        .requestMatchers(HttpMethod.GET, FOR_ALL_USERS)
                        .access(Access.OF_SCOPE)
                        .requestMatchers(HttpMethod.HEAD, FOR_ALL_USERS)
                        .access(Access.OF_SCOPE)
                        .requestMatchers(CodecLinks::isCoding)
                        .access(Access.OF_READING_ADMIN)
                        .requestMatchers(
                                CodecLinks.CODEC + "/**",
                                API + "/users",
                                API + "/users/**",
                                API + "/hosts",
                                API + "/hosts/**",
                                API + "/quotas",
                                API + "/quotas/**",
                                API + "/gpus",
                                API + "/gpus/**",
                                API + "/reconciler/**",
                                API + "/alert-targets",
                                API + "/alert-targets/**",
                                API + "/alerts/*/acknowledge",
                                API + "/audit")
                        .access(Access.OF_ADMIN)
                        .requestMatchers("/api/openapi.json", "/api/openapi.yaml")
                        .permitAll()
                        .requestMatchers("/api/**")
                        .access(Access.OF_SCOPE)
                        .requestMatchers("/actuator/health", "/actuator/health/**", "/actuator/info")
                        .permitAll()
                        .requestMatchers("/actuator/**")
                        .access(Access.OF_ADMIN)
                        .anyRequest()
                        .permitAll())
                .build();
    }

    /** Addresses that Spring Security's firewall takes for an attack. */
    @Bean
    RequestRejectedHandler rejectedAddresses(Problems problems) {
        return (request, response, e) -> problems.write(request, response, StatusProblems.rejected());
    }

    /** Nobody logs in but through our own routes; this keeps Spring Boot from making up a user. */
    @Bean
    AuthenticationManager nobody() {
        return authentication -> {
            throw new BadCredentialsException("log in at POST /api/v1/users/login");
        };
    }

    @Bean
    PasswordEncoder passwordEncoder(SecurityProperties settings) {
        return new BoundedPasswordEncoder(
                new BCryptPasswordEncoder(settings.bcryptStrength()),
                Runtime.getRuntime().availableProcessors(),
                Duration.ofSeconds(2));
    }

    @Bean
    LoginTokens loginTokens(InstallationKey key, SecurityProperties settings, Clock clock) {
        return new LoginTokens(key, settings.tokenLifetime(), clock);
    }
}
