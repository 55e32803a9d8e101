package io.remotegpu.api.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.security.Authorizations;
import io.remotegpu.api.security.FirstAdmin;
import io.remotegpu.api.testing.ApiServer;
import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Client.Answer;
import io.remotegpu.db.secret.SecretBox;
import io.remotegpu.db.user.Identities;
import io.remotegpu.db.user.UserAccounts;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.web.util.UriComponentsBuilder;

/** A server whose login provider is a real one, and a browser before both. */
abstract class OidcTest extends ApiTest {

    static final String PUBLIC = "https://gpu.example.org";

    static final String BEGIN = "/api/v1/users/login/oidc";
    static final String CALLBACK = BEGIN + "/callback";
    static final String COOKIE = "__Host-remotegpu-login";

    static OidcServer provider;
    static ApiServer server;

    final Client api = server.client();

    @BeforeAll
    static void start() {
        provider = new OidcServer();
        provider.redirectTo(PUBLIC + CALLBACK);
        server = ApiServer.start(
                Shared.DATABASE,
                workflows(),
                "remotegpu.oidc.issuer=" + provider.issuer(),
                "remotegpu.oidc.client-id=" + OidcServer.CLIENT,
                "remotegpu.oidc.client-secret=" + OidcServer.CLIENT_SECRET,
                "remotegpu.oidc.base-url=" + PUBLIC + "/",
                "remotegpu.oidc.name=Example Inc.",
                "remotegpu.oidc.roles-claim=realm.groups",
                "remotegpu.oidc.admin-roles=gpu-admins",
                "remotegpu.oidc.user-roles=gpu-users,staff");
    }

    @AfterAll
    static void stop() {
        server.close();
        provider.close();
    }

    @BeforeEach
    void honest() {
        provider.reset();
    }

    ProviderAccounts accounts(OidcProperties settings) {
        return new ProviderAccounts(
                settings,
                server.bean(Identities.class),
                server.bean(UserAccounts.class),
                server.bean(Authorizations.class),
                server.bean(FirstAdmin.class));
    }

    static OidcProperties settings(Map<String, String> others) {
        return OidcPropertiesTest.bound(
                Map.of(
                        "issuer",
                        provider.issuer(),
                        "client-id",
                        OidcServer.CLIENT,
                        "client-secret",
                        OidcServer.CLIENT_SECRET,
                        "base-url",
                        PUBLIC),
                others);
    }

    static Person vouched(String subject, String name) {
        return new Person(subject, new Claims(Map.of("preferred_username", name, "email", name + "@example.org")));
    }

    static void person(String subject, String name, String... groups) {
        provider.person(
                subject, Map.of("preferred_username", name, "email", name + "@example.org", "realm", group(groups)));
    }

    static Map<String, Object> group(String... groups) {
        return Map.of("groups", List.of(groups));
    }

    URI address(String path) {
        return URI.create(api.base() + path);
    }

    /** As the proxy passes it on. */
    URI here(URI address) {
        return URI.create(address.toString().replace(PUBLIC, api.base()));
    }

    /** Until the provider sends the browser back. */
    URI begin(Browser browser, String subject) {
        return browser.follow(address(BEGIN), subject, PUBLIC);
    }

    Answer comeBack(String subject) {
        var browser = new Browser();
        return browser.get(here(begin(browser, subject)));
    }

    Client login(String subject) {
        var answer = comeBack(subject);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return api.as(answer.json().get("token").asString());
    }

    /** What a browser that has begun a login is answered when the provider sends it back with that. */
    Answer answered(String query) {
        var browser = new Browser();
        var begun = URI.create(browser.get(address(BEGIN)).header("Location"));
        return browser.get(URI.create(address(CALLBACK) + "?" + query + "&state="
                + query(begun, "state").replace("=", "%3D")));
    }

    Answer with(String cookie, URI address) {
        return Client.send(HttpRequest.newBuilder(address)
                .header("Cookie", COOKIE + "=" + cookie)
                .build());
    }

    /** The same flow, begun long ago. */
    static String old(String sealed) {
        var box = server.bean(SecretBox.class);
        var flow = Flow.open(box, sealed).orElseThrow();
        return new Flow(flow.id(), Instant.now().minusSeconds(1), flow.state(), flow.nonce(), flow.verifier())
                .seal(box);
    }

    static String query(URI address, String name) {
        var value =
                UriComponentsBuilder.fromUri(address).build().getQueryParams().getFirst(name);
        return URLDecoder.decode(String.valueOf(value), StandardCharsets.UTF_8);
    }

    static String role(Client client) {
        return client.get("/api/v1/users/me").json().get("role").asString();
    }

    long audited(String row) {
        return jdbc.sql("""
                        SELECT count(*) FROM audit_log
                        WHERE action || ' ' || target_type || '/' || target_id || ' ' || outcome = ? AND address = '127.0.0.1'""").param(row).query(Long.class).single();
    }

    static void refused(int status, String code, Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.http().body()).doesNotContain("\"token\"", "<script>");
    }

    static List<Integer> atOnce(int times, Callable<Integer> call) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Integer>();
            for (var answer : threads.invokeAll(Collections.nCopies(times, call))) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
