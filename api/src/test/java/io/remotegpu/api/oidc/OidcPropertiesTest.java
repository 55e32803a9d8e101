package io.remotegpu.api.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OidcPropertiesTest {

    private static final Map<String, String> GOOD = Map.of(
            "issuer", "https://login.example.org/realms/gpu",
            "client-id", "remotegpu",
            "client-secret", "geheim",
            "base-url", "https://gpu.example.org/");

    @Test
    void theDefaultsAreThese() {
        assertThat(bound(Map.of(), Map.of()).isOn()).isFalse();

        var settings = bound(GOOD, Map.of());
        assertThat(settings.isOn()).isTrue();
        assertThat(settings.scopes()).isEqualTo(List.of("openid", "profile", "email"));
        assertThat(settings.name()).isEqualTo("login.example.org");
        assertThat(settings.usernameClaim()).isEqualTo("preferred_username");
        assertThat(settings.rolesClaim()).isEmpty();
        assertThat(settings.createAccounts()).isTrue();
        assertThat(settings.baseUrl()).isEqualTo("https://gpu.example.org");
        assertThat(settings.overHttps()).isTrue();
        assertThat(settings.toString()).doesNotContain("geheim");
    }

    @ParameterizedTest
    @CsvSource({
        "issuer, http://login.example.org, issuer must be https",
        "issuer, ldap://login.example.org, issuer must be an address",
        "issuer, https://login.example.org?a=b, issuer must be an address",
        "issuer, nonsense, issuer must be an address",
        "issuer, 'no address', issuer is no address",
        "issuer, '', issuer is not set",
        "client-id, '', client-id is not set",
        "base-url, '', base-url must be an address",
        "base-url, gpu.example.org, base-url must be an address",
        "scopes, profile, scopes must have openid",
        "username-claim, '', username-claim is empty",
        "admin-roles, gpu-admins, roles-claim is not set",
        "user-roles, gpu-users, roles-claim is not set",
        "roles-claim, groups, admin-roles and user-roles are empty"
    })
    void aMistakeIsSaidAtTheStart(String setting, String value, String message) {
        assertThatThrownBy(() -> bound(GOOD, Map.of(setting, value)))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .hasStackTraceContaining("remotegpu.oidc." + message)
                .hasMessageNotContaining("geheim");
    }

    @Test
    void aProviderOnThisMachineMaySpeakHttp() {
        assertThat(bound(GOOD, Map.of("issuer", "http://localhost:9000")).isOn())
                .isTrue();
    }

    static OidcProperties bound(Map<String, String> some, Map<String, String> others) {
        var values = new HashMap<String, String>();
        some.forEach((name, value) -> values.put("remotegpu.oidc." + name, value));
        others.forEach((name, value) -> values.put("remotegpu.oidc." + name, value));
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("remotegpu.oidc", OidcProperties.class);
    }
}
