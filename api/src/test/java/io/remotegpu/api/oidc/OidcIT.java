package io.remotegpu.api.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Client.Answer;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.User;
import io.remotegpu.db.user.UserAccounts;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.web.util.UriComponentsBuilder;

/** Logging in at a real provider, by HTTP, and what those try who are not whom they say. */
class OidcIT extends OidcTest {

    @Test
    void whoLogsInAtTheProviderGetsAnAccountAndTheSameTokenAsEverybody() {
        person("s-ada", "ada", "gpu-admins");
        var browser = new Browser();
        var begun = browser.get(address(BEGIN));
        assertThat(begun.status()).as(begun.toString()).isEqualTo(302);
        var asked = UriComponentsBuilder.fromUriString(begun.header("Location")).build();
        assertThat(begun.header("Location")).startsWith(provider.issuer() + "/oauth2/authorize?");
        assertThat(asked.getQueryParams().toSingleValueMap())
                .containsEntry("response_type", "code")
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "nonce", "code_challenge");
        assertThat(begun.header("Set-Cookie"))
                .startsWith(COOKIE + "=")
                .contains("HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600");
        assertThat(begun.header("RateLimit-Policy")).contains("\"login\"");

        var back = browser.follow(URI.create(begun.header("Location")), "s-ada", PUBLIC);
        var login = browser.get(here(back));

        assertThat(login.status()).as(login.toString()).isEqualTo(200);
        assertThat(login.json().get("token_type").asString()).isEqualTo("Bearer");
        assertThat(login.header("Cache-Control")).contains("no-store");
        assertThat(login.header("RateLimit-Policy")).contains("\"login\"");
        assertThat(browser.cookies(address(BEGIN))).isEmpty();
        assertThat(provider.tokenRequests().getLast()).containsKeys("code_verifier", "code");
        var ada = api.as(login.json().get("token").asString());
        var me = ada.get("/api/v1/users/me").json();
        assertThat(me.get("username").asString()).isEqualTo("ada");
        assertThat(me.get("email").asString()).isEqualTo("ada@example.org");
        assertThat(me.get("last_login_at").isNull()).isFalse();
        assertThat(ada.get("/api/v1/users").status()).isEqualTo(200);
        // Again, it is the same account; and a logout ends one login.
        var again = login("s-ada");
        assertThat(again.get("/api/v1/users/me").json().get("id")).isEqualTo(me.get("id"));
        assertThat(ada.post("/api/v1/users/logout").status()).isEqualTo(204);
        assertThat(ada.get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(again.get("/api/v1/users/me").status()).isEqualTo(200);
        assertThat(count("users")).isEqualTo(1);
        eventually(() -> audited("GET " + CALLBACK + " user/" + me.get("id").asString() + " 200") == 2);
    }

    @Test
    void rolesAreThoseOfTheClaimAtEachLoginAndSomebodyStaysToAdminister() {
        person("s-ada", "ada", "gpu-admins", "staff");
        person("s-bob", "bob", "gpu-users");
        person("s-eve", "eve", "cooks");
        assertThat(role(login("s-ada"))).isEqualTo("admin");
        var bob = login("s-bob");
        assertThat(role(bob)).isEqualTo("user");
        assertThat(comeBack("s-eve").code()).isEqualTo("role_missing");
        assertThat(count("users")).isEqualTo(2);

        person("s-bob", "bob", "gpu-admins");
        assertThat(bob.get("/api/v1/users").status()).isEqualTo(403);
        login("s-bob");
        // The change reaches the tokens that are there, and is in the audit log.
        assertThat(bob.get("/api/v1/users").status()).isEqualTo(200);
        eventually(() -> count("audit_log WHERE detail = 'role admin' AND outcome = 200") == 1);

        person("s-ada", "ada", "staff");
        assertThat(role(login("s-ada"))).isEqualTo("user");
        person("s-bob", "bob", "staff");
        assertThat(role(login("s-bob"))).isEqualTo("admin");
        // Who is let in no longer keeps the account, which is of no use.
        provider.person("s-ada", Map.of("preferred_username", "ada", "email", "ada@example.org"));
        assertThat(comeBack("s-ada").code()).isEqualTo("role_missing");
    }

    @Test
    void anAnswerIsGoodOnceAndForTheBrowserThatBeganIt() {
        person("s-ada", "ada", "staff");
        person("s-eve", "eve", "staff");
        var browser = new Browser();
        var back = here(begin(browser, "s-ada"));
        var cookies = Map.copyOf(browser.cookies(back));
        var sealed = cookies.get(COOKIE);

        refused(400, "login_not_begun", new Browser().get(back));
        refused(400, "login_not_begun", with(sealed, URI.create(back.toString().replace("state=", "state=x"))));
        refused(400, "login_not_begun", with(sealed, URI.create(back.toString().replaceFirst("&state=[^&]*", ""))));
        refused(400, "login_not_begun", with("A" + sealed.substring(1), back));
        refused(400, "login_not_begun", with(sealed.substring(0, sealed.length() - 4) + "AAAA", back));
        refused(400, "login_not_begun", with("nonsense!", back));
        refused(400, "login_not_begun", with(old(sealed), back));
        // A code that somebody else's browser was given: the cookie and the state fit, and the provider wants its
        // verifier.
        var other = new Browser();
        var others = here(begin(other, "s-eve"));
        var injected = UriComponentsBuilder.fromUri(others)
                .replaceQueryParam("code", query(back, "code"))
                .build(true)
                .toUri();
        refused(401, "login_not_verified", other.get(injected));
        assertThat(count("users")).isZero();

        // That was the code's only try, as the provider sees it.
        browser = new Browser();
        back = here(begin(browser, "s-ada"));
        sealed = browser.cookies(back).get(COOKIE);
        assertThat(browser.get(back).status()).isEqualTo(200);
        refused(400, "login_not_begun", browser.get(back));
        refused(400, "login_not_begun", with(sealed, back));
        assertThat(count("users")).isEqualTo(1);
    }

    @Test
    void ofManyWhoBringTheSameAnswerAtOnceOneIsLetIn() throws Exception {
        person("s-ada", "ada", "staff");
        var browser = new Browser();
        var back = here(begin(browser, "s-ada"));
        var sealed = browser.cookies(back).get(COOKIE);

        var answers = atOnce(8, () -> with(sealed, back).status());

        assertThat(answers).containsOnly(200, 400).containsOnlyOnce(200);
    }

    @Test
    void ofManyFirstLoginsOfOnePersonComesOneAccount() throws Exception {
        person("s-ada", "ada", "staff");
        var ready = new ArrayList<Map.Entry<Browser, URI>>();
        for (int i = 0; i < 8; i++) {
            var browser = new Browser();
            ready.add(Map.entry(browser, here(begin(browser, "s-ada"))));
        }
        var next = ready.iterator();

        var answers = atOnce(8, () -> {
            Map.Entry<Browser, URI> mine;
            synchronized (ready) {
                mine = next.next();
            }
            return mine.getKey().get(mine.getValue()).status();
        });

        assertThat(answers).containsOnly(200);
        assertThat(count("users")).isEqualTo(1);
        assertThat(count("user_identities")).isEqualTo(1);
    }

    @Test
    void anIdTokenThatCannotBeTrustedLetsNobodyIn() {
        person("s-ada", "ada", "gpu-admins");
        var lies = Map.<String, Consumer<JwtClaimsSet.Builder>>of(
                "another nonce", claims -> claims.claim("nonce", "replayed"),
                "no nonce", claims -> claims.claims(all -> all.remove("nonce")),
                "for another client", claims -> claims.audience(List.of("another")),
                "for several clients",
                        claims -> claims.audience(List.of(OidcServer.CLIENT, "another"))
                                .claims(all -> all.remove("azp")),
                "given to another client", claims -> claims.claim("azp", "another"),
                "of another issuer", claims -> claims.issuer("https://login.example.com"),
                "expired",
                        claims -> claims.issuedAt(Instant.now().minusSeconds(7200))
                                .expiresAt(Instant.now().minusSeconds(3600)),
                "of the future",
                        claims -> claims.issuedAt(Instant.now().plusSeconds(1800))
                                .expiresAt(Instant.now().plusSeconds(3600)),
                "of nobody", claims -> claims.claims(all -> all.remove("sub")));
        lies.forEach((what, lie) -> {
            provider.lie(lie);
            assertThat(comeBack("s-ada"))
                    .as(what)
                    .extracting(Answer::status, Answer::code)
                    .containsExactly(401, "login_not_verified");
        });
        provider.lie(_ -> {});
        provider.signWithAnotherKey();
        refused(401, "login_not_verified", comeBack("s-ada"));
        assertThat(count("users")).isZero();
        eventually(() -> count("audit_log WHERE outcome = 401 AND detail = 'login_not_verified'") == lies.size() + 1);

        provider.reset();
        person("s-ada", "ada", "gpu-admins");
        assertThat(comeBack("s-ada").status()).isEqualTo(200);
    }

    @Test
    void whatTheProviderRefusesOrFailsAtIsSaid() {
        person("s-ada", "ada", "staff");
        refused(403, "login_denied", answered("error=access_denied&error_description=%3Cscript%3E"));
        refused(503, "oidc_unavailable", answered("error=unauthorized_client"));
        refused(400, "invalid_parameter", answered("nothing=1"));
        refused(400, "invalid_parameter", answered("code=c&iss=https://login.example.com"));
        refused(401, "login_not_verified", answered("code=made-up"));
        for (var broken : List.of("/oauth2/token", "/userinfo")) {
            provider.fail(broken);
            var answer = comeBack("s-ada");
            refused(503, "oidc_unavailable", answer);
            assertThat(answer.header("Retry-After")).isNotEmpty();
        }
        assertThat(count("users")).isZero();
    }

    @Test
    void aServerWithoutItsProviderServesEverythingElse() {
        var down = new Provider(settings(Map.of("issuer", "http://127.0.0.1:1")));
        assertThatThrownBy(() -> down.begin(new MockHttpServletRequest()))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.code()).isEqualTo("oidc_unavailable");
                    assertThat(problem.status().value()).isEqualTo(503);
                });
        // One that calls itself something else is another one.
        var another = new Provider(settings(Map.of("issuer", provider.issuer() + "/")));
        assertThatThrownBy(() -> another.begin(new MockHttpServletRequest())).isInstanceOf(ProblemException.class);
        // When it is back, nobody needs to start this server again.
        var restarted = new Provider(settings(Map.of()));
        provider.fail("/.well-known/openid-configuration");
        assertThatThrownBy(() -> restarted.begin(new MockHttpServletRequest())).isInstanceOf(ProblemException.class);
        provider.reset();
        assertThat(restarted.begin(new MockHttpServletRequest()).getAuthorizationRequestUri())
                .startsWith(provider.issuer());
    }

    @Test
    void nobodyGetsTheAccountOfAnotherByItsNameOrAddress() {
        var admin = api.user("root");
        var ada = api.user("ada");
        var id = ada.get("/api/v1/users/me").json().get("id").asString();
        provider.person("s-1", Map.of("preferred_username", "ADA", "email", "x@example.org", "realm", group("staff")));
        provider.person(
                "s-2", Map.of("preferred_username", "eve", "email", "ada@example.com", "realm", group("staff")));
        refused(409, "username_taken", comeBack("s-1"));
        refused(409, "email_taken", comeBack("s-2"));
        assertThat(count("users")).isEqualTo(2);
        assertThat(count("user_identities")).isZero();

        // An administrator says that it is theirs.
        var identity = "/api/v1/users/" + id + "/identity";
        assertThat(comeBack("s-1").json().get("detail").asString()).contains("'s-1'");
        assertThat(admin.get(identity).status()).isEqualTo(404);
        assertThat(admin.put(identity, "{\"subject\":\"s-1\"}").status()).isEqualTo(200);
        assertThat(admin.put(identity, "{\"subject\":\"s-1\"}").status()).isEqualTo(200);
        assertThat(admin.get(identity).json().get("issuer").asString()).isEqualTo(provider.issuer());
        assertThat(login("s-1").get("/api/v1/users/me").json().get("id").asString())
                .isEqualTo(id);
        assertThat(api.login("ada", "secret-ada").get("/api/v1/users/me").status())
                .isEqualTo(200);
        var other = admin.get("/api/v1/users/me").json().get("id").asString();
        refused(409, "identity_taken", admin.put("/api/v1/users/" + other + "/identity", "{\"subject\":\"s-1\"}"));
        refused(404, "not_found", admin.put("/api/v1/users/987654/identity", "{\"subject\":\"s-9\"}"));
        refused(422, "validation_failed", admin.put(identity, "{\"subject\":\" \"}"));
        assertThat(admin.delete(identity).status()).isEqualTo(204);
        assertThat(admin.delete(identity).status()).isEqualTo(404);
        refused(409, "username_taken", comeBack("s-1"));
    }

    @Test
    void anAccountOfTheProvidersHasNoPassword() {
        person("s-ada", "ada", "staff");
        var ada = login("s-ada");
        for (var guess : List.of("!", "", "nobody has this password", "secret-ada")) {
            refused(
                    401,
                    "invalid_credentials",
                    api.post("/api/v1/users/login", "{\"username\":\"ada\",\"password\":\"%s\"}".formatted(guess)));
        }
        refused(
                409,
                "no_password",
                ada.put("/api/v1/users/me/password", "{\"current_password\":\"!\",\"new_password\":\"secret-ada\"}"));
    }

    @Test
    void aDeactivatedAccountIsNotLetInWhateverTheProviderSays() {
        var admin = api.user("root");
        person("s-ada", "ada", "staff");
        var ada = login("s-ada");
        var id = ada.get("/api/v1/users/me").json().get("id").asString();
        assertThat(admin.put("/api/v1/users/" + id + "/status", "{\"status\":\"inactive\"}")
                        .status())
                .isEqualTo(200);

        person("s-ada", "ada", "gpu-admins");
        refused(403, "account_inactive", comeBack("s-ada"));
        assertThat(ada.get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(admin.get("/api/v1/users/" + id).json().get("role").asString())
                .isEqualTo("user");
    }

    @Test
    void namesAndAddressesThatCannotBeUsedAreSaid() {
        provider.person(
                "s-1", Map.of("preferred_username", "ada@corp.example", "email", "a@b.c", "realm", group("staff")));
        assertThat(login("s-1").get("/api/v1/users/me").json().get("username").asString())
                .isEqualTo("ada");
        provider.person("s-2", Map.of("preferred_username", "../root", "email", "b@b.c", "realm", group("staff")));
        provider.person("s-3", Map.of("preferred_username", 7, "email", "c@b.c", "realm", group("staff")));
        provider.person("s-4", Map.of("preferred_username", "dora", "realm", group("staff")));
        provider.person("s-5", Map.of("preferred_username", "eva", "email", "no address", "realm", group("staff")));
        for (var subject : List.of("s-2", "s-3", "s-4", "s-5")) {
            refused(403, "claim_unusable", comeBack(subject));
        }
        for (var subject : List.of(" ", "a\u0000", "x".repeat(256))) {
            assertThatThrownBy(() ->
                            accounts(settings(Map.of())).of(vouched(subject, "fay"), new MockHttpServletRequest()))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo("claim_unusable"));
        }
        assertThat(count("users")).isEqualTo(1);
    }

    @Test
    void nothingThatARequestSaysSendsABrowserElsewhere() {
        var answer = Client.send(api.request(
                        BEGIN
                                + "?redirect_uri=https://evil.example&return_to=//evil.example&action=https://evil.example&client_id=x")
                .header("X-Forwarded-Host", "evil.example")
                .header("Forwarded", "host=evil.example")
                .build());

        assertThat(answer.header("Location"))
                .startsWith(provider.issuer() + "/oauth2/authorize?")
                .doesNotContain("evil");
        assertThat(query(URI.create(answer.header("Location")), "redirect_uri")).isEqualTo(PUBLIC + CALLBACK);
    }

    @Test
    void rolesAreGivenHereAndAccountsMadeOnlyWhereThatIsSet() {
        var mine = accounts(settings(Map.of()));
        var first = mine.of(vouched("s-1", "ada"), new MockHttpServletRequest());
        var second = mine.of(vouched("s-2", "bob"), new MockHttpServletRequest());
        assertThat(List.of(first.admin(), second.admin())).containsExactly(true, false);
        server.bean(UserAccounts.class).changeRole(second.id(), Role.ADMIN);
        assertThat(mine.of(vouched("s-2", "renamed"), new MockHttpServletRequest()))
                .satisfies(user -> assertThat(user.admin()).isTrue())
                .extracting(User::username)
                .isEqualTo("bob");

        var closed = accounts(settings(Map.of("create-accounts", "false")));
        assertThat(closed.of(vouched("s-1", "ada"), new MockHttpServletRequest())
                        .id())
                .isEqualTo(first.id());
        assertThatThrownBy(() -> closed.of(vouched("s-3", "eve"), new MockHttpServletRequest()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code()).isEqualTo("no_account"));
    }

    @Test
    void aServerSaysHowToLogIn() {
        var ways = api.get("/api/v1/users/login").json();
        assertThat(ways.get("registration").asBoolean()).isTrue();
        assertThat(ways.get("oidc").get("name").asString()).isEqualTo("Example Inc.");
        assertThat(ways.get("oidc").get("url").asString()).isEqualTo(BEGIN);
        assertThat(nobody.get("/api/v1/users/login").json().get("oidc").isNull())
                .isTrue();
        refused(404, "oidc_off", nobody.get(BEGIN));
        refused(404, "oidc_off", nobody.get(CALLBACK));
    }
}
