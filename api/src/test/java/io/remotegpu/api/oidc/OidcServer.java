package io.remotegpu.api.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;

/**
 * A login provider of its own address: Spring's authorization server, with a login page, that can be made to lie. Everybody's
 * password there is {@link #PASSWORD}.
 */
final class OidcServer implements AutoCloseable {

    static final String PASSWORD = "at the provider";
    static final String CLIENT = "remotegpu";
    static final String CLIENT_SECRET = "secret-of-the-client";

    private final AnnotationConfigServletWebServerApplicationContext context =
            new AnnotationConfigServletWebServerApplicationContext();
    private final Settings settings;

    OidcServer() {
        context.register(Settings.class);
        context.refresh();
        settings = context.getBean(Settings.class);
    }

    String issuer() {
        return "http://localhost:" + context.getWebServer().getPort();
    }

    /** Lets the client come back there. */
    void redirectTo(String address) {
        settings.redirect = address;
    }

    /** Somebody with an account there; again, what is said of them from now on. */
    void person(String subject, Map<String, Object> claims) {
        settings.people.put(subject, claims);
    }

    /** Changes every ID token from now on, before it is signed. */
    void lie(Consumer<JwtClaimsSet.Builder> lie) {
        settings.lie = lie;
    }

    /** Signs with a key that nobody was told of, under the name of the one that everybody was. */
    void signWithAnotherKey() {
        settings.signing = key(settings.published.getKeyID());
    }

    /** Answers 503 to requests of that path. */
    void fail(String path) {
        settings.failing = path;
    }

    /** Is honest again, and knows nobody. */
    void reset() {
        settings.people.clear();
        settings.lie = _ -> {};
        settings.signing = settings.published;
        settings.failing = "none";
    }

    /** The parameters of every request for a token, so far. */
    List<Map<String, String[]>> tokenRequests() {
        return settings.tokenRequests;
    }

    @Override
    public void close() {
        context.close();
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Not marked as a configuration: the server under test looks for those in all of our packages. */
    @EnableWebSecurity
    static class Settings {

        final Map<String, Map<String, Object>> people = new ConcurrentHashMap<>();
        final List<Map<String, String[]>> tokenRequests = Collections.synchronizedList(new ArrayList<>());
        final RSAKey published = key("published");
        volatile RSAKey signing = published;
        volatile Consumer<JwtClaimsSet.Builder> lie = _ -> {};
        volatile String failing = "none";
        volatile String redirect = "http://unset.invalid";

        @Bean
        ServletWebServerFactory tomcat() {
            var tomcat = new TomcatServletWebServerFactory(0);
            // All that is served here filters serve, and those are asked only where there is a servlet behind them.
            tomcat.setRegisterDefaultServlet(true);
            return tomcat;
        }

        @Bean
        FilterRegistrationBean<Filter> failures() {
            var registration = new FilterRegistrationBean<Filter>((request, response, chain) -> {
                var path = ((HttpServletRequest) request).getServletPath();
                if (path.equals(failing)) {
                    ((HttpServletResponse) response).sendError(503);
                    return;
                }
                if (path.equals("/oauth2/token")) {
                    tokenRequests.add(Map.copyOf(request.getParameterMap()));
                }
                chain.doFilter(request, response);
            });
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }

        @Bean
        @Order(1)
        SecurityFilterChain provider(HttpSecurity http) throws Exception {
            var server = new OAuth2AuthorizationServerConfigurer();
            return http.securityMatcher(server.getEndpointsMatcher())
                    .with(server, with -> with.oidc(Customizer.withDefaults()))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .exceptionHandling(refusals ->
                            refusals.authenticationEntryPoint(new LoginUrlAuthenticationEntryPoint("/login")))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain loginPage(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService accounts() {
            return name -> {
                if (!people.containsKey(name)) {
                    throw new UsernameNotFoundException(name);
                }
                return User.withUsername(name)
                        .password("{noop}" + PASSWORD)
                        .roles("PERSON")
                        .build();
            };
        }

        @Bean
        RegisteredClientRepository clients() {
            return new RegisteredClientRepository() {
                @Override
                public void save(RegisteredClient client) {
                    // asked to when it thinks that the secret could be hashed better
                }

                @Override
                public RegisteredClient findById(String id) {
                    return client();
                }

                @Override
                public RegisteredClient findByClientId(String id) {
                    return id.equals(CLIENT) ? client() : null;
                }
            };
        }

        private RegisteredClient client() {
            return RegisteredClient.withId("1")
                    .clientId(CLIENT)
                    .clientSecret("{noop}" + CLIENT_SECRET)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                    .redirectUri(redirect)
                    .scopes(scopes -> scopes.addAll(List.of("openid", "profile", "email")))
                    .clientSettings(ClientSettings.builder()
                            .requireProofKey(true)
                            .requireAuthorizationConsent(false)
                            .build())
                    .build();
        }

        @Bean
        JWKSource<SecurityContext> publishedKeys() {
            return new ImmutableJWKSet<>(new JWKSet(published));
        }

        @Bean
        JwtEncoder signer() {
            return new NimbusJwtEncoder((selector, _) -> selector.select(new JWKSet(signing)));
        }

        @Bean
        JwtDecoder accessTokens(JWKSource<SecurityContext> keys) {
            return NimbusJwtDecoder.withJwkSource(keys).build();
        }

        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> claims() {
            return context -> {
                if (context.getTokenType().getValue().equals(OidcParameterNames.ID_TOKEN)) {
                    context.getClaims()
                            .claims(all ->
                                    all.putAll(people.get(context.getPrincipal().getName())));
                    lie.accept(context.getClaims());
                }
            };
        }

        @Bean
        AuthorizationServerSettings addresses() {
            return AuthorizationServerSettings.builder().build();
        }
    }
}
