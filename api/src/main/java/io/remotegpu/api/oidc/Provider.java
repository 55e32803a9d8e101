package io.remotegpu.api.oidc;

import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.remotegpu.api.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserRequest;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.core.user.OAuth2User;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/**
 * The login provider: by the authorization code flow with PKCE, and all that is to be checked is checked by Spring Security.
 * Made and asked for the first time when somebody logs in, so that this server starts without it.
 */
@Lazy
@Component
class Provider {

    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
    private static final String REGISTRATION = "oidc";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int LARGEST_KEYS = 1 << 20;
    /** For so long it is not asked again where its routes are. Its keys it is asked for whenever a new one is named. */
    private static final Duration KNOWN_FOR = Duration.ofMinutes(15);

    /** Refusals of one login, not of this server: what else goes wrong is for its administrator. */
    private static final Set<String> OF_THIS_LOGIN =
            Set.of("invalid_grant", "invalid_id_token", "invalid_nonce", "invalid_user_info_response");

    private static final ParameterizedTypeReference<Map<String, Object>> JSON = new ParameterizedTypeReference<>() {};

    private final OidcProperties settings;
    private final RestClient http;
    private final OidcAuthorizationCodeAuthenticationProvider logins;
    private volatile @Nullable Known known;

    /** What it said of itself, and when. */
    private record Known(ClientRegistration registration, JwtDecoder idTokens, long atNanos) {

        boolean isFresh() {
            return System.nanoTime() - atNanos < KNOWN_FOR.toNanos();
        }
    }

    Provider(OidcProperties settings) {
        this.settings = settings;
        var requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build());
        requests.setReadTimeout(ANSWER);
        this.http = RestClient.builder().requestFactory(requests).build();
        var codes = new RestClientAuthorizationCodeTokenResponseClient();
        codes.setRestClient(http.mutate()
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        var users = new OidcUserService();
        users.setOauth2UserService(this::userInfo);
        this.logins = new OidcAuthorizationCodeAuthenticationProvider(codes, users);
        logins.setJwtDecoderFactory(_ -> known().idTokens());
    }

    /**
     * A new login: where to send the browser, with a state, a nonce and a code verifier of its own.
     *
     * @throws ProblemException 503 when the provider does not answer
     */
    OAuth2AuthorizationRequest begin(HttpServletRequest request) {
        var registration = known().registration();
        return Objects.requireNonNull(
                new DefaultOAuth2AuthorizationRequestResolver(_ -> registration).resolve(request, REGISTRATION));
    }

    /**
     * Redeems the code, and checks the ID token: its signature, issuer, audience, times and nonce.
     *
     * @throws ProblemException 401 when what it says is no good, 503 when it cannot be asked
     */
    Person finish(Flow flow, String code) {
        var registration = known().registration();
        var request = OAuth2AuthorizationRequest.authorizationCode()
                .clientId(registration.getClientId())
                .authorizationUri(
                        Objects.requireNonNull(registration.getProviderDetails().getAuthorizationUri()))
                .redirectUri(redirect())
                .scopes(registration.getScopes())
                .state(flow.state())
                .attributes(Map.of(
                        OidcParameterNames.NONCE, flow.nonce(), PkceParameterNames.CODE_VERIFIER, flow.verifier()))
                .build();
        var response = OAuth2AuthorizationResponse.success(code)
                .redirectUri(redirect())
                .state(flow.state())
                .build();
        try {
            var login = Objects.requireNonNull(logins.authenticate(new OAuth2LoginAuthenticationToken(
                    registration, new OAuth2AuthorizationExchange(request, response))));
            var user = (OidcUser) Objects.requireNonNull(login.getPrincipal());
            return new Person(Objects.requireNonNull(user.getSubject()), new Claims(user.getClaims()));
        } catch (OAuth2AuthenticationException refusal) {
            throw isOfThisLogin(refusal) ? noGood(refusal) : unavailable(refusal);
        } catch (RuntimeException unusable) {
            throw unavailable(unusable);
        }
    }

    private String redirect() {
        return settings.baseUrl() + OidcController.CALLBACK;
    }

    private static boolean isOfThisLogin(OAuth2AuthenticationException refusal) {
        // An ID token that could not be looked at, because there were no keys, is not a bad one.
        var notLookedAt =
                refusal.getCause() instanceof JwtException && !(refusal.getCause() instanceof BadJwtException);
        return !notLookedAt && OF_THIS_LOGIN.contains(refusal.getError().getErrorCode());
    }

    private ProblemException noGood(RuntimeException why) {
        LOG.warn("A login at {} is refused: {}", settings.issuer(), why.toString());
        return ProblemException.of(
                HttpStatus.UNAUTHORIZED,
                "login_not_verified",
                "What " + settings.name() + " says of this login cannot be verified: begin again at "
                        + OidcController.LOGIN + ".");
    }

    private ProblemException unavailable(RuntimeException why) {
        LOG.warn("The login provider {} cannot be used: {}", settings.issuer(), why.toString());
        return ProblemException.tryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                "oidc_unavailable",
                settings.name() + " does not answer, or not this server. Try again, or log in with a password; the"
                        + " server's log says more.",
                Duration.ofSeconds(10));
    }

    private Known known() {
        var last = known;
        if (last != null && last.isFresh()) {
            return last;
        }
        try {
            var discovered = discover();
            known = discovered;
            return discovered;
        } catch (RuntimeException e) {
            throw unavailable(e);
        }
    }

    private Known discover() {
        var answer = Objects.requireNonNull(http.get()
                .uri(URI.create(settings.issuer().replaceFirst("/$", "") + "/.well-known/openid-configuration"))
                .retrieve()
                .body(JSON));
        if (!settings.issuer().equals(answer.get("issuer"))) {
            throw new IllegalStateException("it calls itself '" + answer.get("issuer")
                    + "': set remotegpu.oidc.issuer to exactly that, if that is it");
        }
        var builder = ClientRegistrations.fromOidcConfiguration(answer)
                .registrationId(REGISTRATION)
                .clientId(settings.clientId())
                .clientSecret(settings.clientSecret())
                .scope(settings.scopes())
                .redirectUri(redirect())
                .clientSettings(ClientRegistration.ClientSettings.builder()
                        .requireProofKey(true)
                        .build());
        if (settings.clientSecret().isEmpty()) {
            builder.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
        }
        var registration = builder.build();
        return new Known(registration, idTokens(registration), System.nanoTime());
    }

    private static JwtDecoder idTokens(ClientRegistration registration) {
        var provider = registration.getProviderDetails();
        try {
            var keys = JWKSourceBuilder.<SecurityContext>create(
                            URI.create(Objects.requireNonNull(provider.getJwkSetUri()))
                                    .toURL(),
                            new DefaultResourceRetriever(
                                    (int) CONNECT.toMillis(), (int) ANSWER.toMillis(), LARGEST_KEYS))
                    .refreshAheadCache(false)
                    .build();
            var decoder = NimbusJwtDecoder.withJwkSource(keys)
                    .jwsAlgorithms(accepted -> accepted.addAll(algorithms(provider)))
                    .build();
            decoder.setClaimSetConverter(OidcIdTokenDecoderFactory.createDefaultClaimTypeConverter());
            decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                    new JwtTimestampValidator(), new OidcIdTokenValidator(registration)));
            return decoder;
        } catch (MalformedURLException e) {
            throw new IllegalStateException("the address of its keys is none", e);
        }
    }

    /** Those with a public key that it says it signs with: never one with a shared secret, or none. */
    private static Set<SignatureAlgorithm> algorithms(ClientRegistration.ProviderDetails provider) {
        var said = provider.getConfigurationMetadata().get("id_token_signing_alg_values_supported");
        var names = said instanceof Collection<?> some ? some : List.of();
        var known = names.stream()
                .map(name -> SignatureAlgorithm.from(String.valueOf(name)))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return known.isEmpty() ? Set.of(SignatureAlgorithm.RS256) : known;
    }

    private OAuth2User userInfo(OAuth2UserRequest request) {
        var endpoint = request.getClientRegistration().getProviderDetails().getUserInfoEndpoint();
        var claims = Objects.requireNonNull(http.get()
                .uri(URI.create(Objects.requireNonNull(endpoint.getUri())))
                .headers(headers ->
                        headers.setBearerAuth(request.getAccessToken().getTokenValue()))
                .retrieve()
                .body(JSON));
        return new DefaultOAuth2User(List.of(), claims, "sub");
    }
}
