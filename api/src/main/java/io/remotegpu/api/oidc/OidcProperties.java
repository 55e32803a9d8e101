package io.remotegpu.api.oidc;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code remotegpu.oidc}: at which provider one can log in; at none without an issuer.
 *
 * @param issuer exactly as the provider says it, with or without a slash at its end
 * @param clientId as whom this server is registered there
 * @param clientSecret of a confidential client; without one this is a public client, guarded by PKCE alone
 * @param baseUrl where browsers reach this server: {@code https://gpu.example.org}
 * @param scopes what is asked for
 * @param name what people call the provider; its host by default
 * @param usernameClaim of which a new account gets its name
 * @param rolesClaim says at each login what the account may do, {@code realm_access.roles} for one inside another;
 *     otherwise roles are given here
 * @param adminRoles values of that claim that make an admin
 * @param userRoles values of that claim one of which, or of {@code adminRoles}, is needed to be let in; everybody is when
 *     empty
 * @param createAccounts whether who logs in for the first time gets an account
 */
@ConfigurationProperties("remotegpu.oidc")
record OidcProperties(
        @DefaultValue("") String issuer,
        @DefaultValue("") String clientId,
        @DefaultValue("") String clientSecret,
        @DefaultValue("") String baseUrl,
        @DefaultValue({"openid", "profile", "email"}) List<String> scopes,
        @DefaultValue("") String name,
        @DefaultValue("preferred_username") String usernameClaim,
        @DefaultValue("") String rolesClaim,
        @DefaultValue({}) List<String> adminRoles,
        @DefaultValue({}) List<String> userRoles,
        @DefaultValue("true") boolean createAccounts) {

    private static final String PREFIX = "remotegpu.oidc.";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    OidcProperties {
        scopes = List.copyOf(scopes);
        adminRoles = List.copyOf(adminRoles);
        userRoles = List.copyOf(userRoles);
        if (issuer.isBlank()) {
            if (!clientId.isBlank() || !clientSecret.isBlank() || !baseUrl.isBlank()) {
                throw mistake("issuer", "is not set, but others are: set it, or none");
            }
        } else {
            var provider = address("issuer", issuer);
            if (!provider.getScheme().equals("https") && !LOOPBACK.contains(provider.getHost())) {
                // Its keys are read from there: over HTTP, anybody on the way could log in as anybody.
                throw mistake("issuer", "must be https, or on this machine");
            }
            if (clientId.isBlank()) {
                throw mistake("client-id", "is not set: give what the provider calls this server");
            }
            address("base-url", baseUrl);
            baseUrl = baseUrl.replaceFirst("/+$", "");
            name = name.isBlank() ? provider.getHost() : name;
            if (!scopes.contains("openid")) {
                throw mistake("scopes", "must have openid");
            }
            if (usernameClaim.isBlank()) {
                throw mistake("username-claim", "is empty: leave it out, or name a claim");
            }
            if (rolesClaim.isBlank() && !(adminRoles.isEmpty() && userRoles.isEmpty())) {
                throw mistake("roles-claim", "is not set, but admin-roles or user-roles are: say which claim has them");
            }
            if (!rolesClaim.isBlank() && adminRoles.isEmpty() && userRoles.isEmpty()) {
                throw mistake("admin-roles", "and user-roles are empty: say what the values of roles-claim mean");
            }
        }
    }

    private static URI address(String setting, String text) {
        URI address;
        try {
            address = URI.create(text);
        } catch (IllegalArgumentException unreadable) {
            throw mistake(setting, "is no address: " + unreadable.getMessage());
        }
        var web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
        if (!web
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw mistake(setting, "must be an address such as https://example.org, without a query: '" + text + "'");
        }
        return address;
    }

    private static IllegalArgumentException mistake(String setting, String what) {
        return new IllegalArgumentException(PREFIX + setting + " " + what);
    }

    boolean isOn() {
        return !issuer.isBlank();
    }

    boolean overHttps() {
        return baseUrl.startsWith("https:");
    }

    @Override
    public String toString() {
        return "OidcProperties[" + (isOn() ? issuer : "off") + "]";
    }
}
