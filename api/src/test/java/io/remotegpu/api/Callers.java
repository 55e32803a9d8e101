package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.Client;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Everybody who may call a route: an administrator, an owner of things, another user, a host, and with tokens that are
 * no good or have too few scopes.
 *
 * @param byTokens the personal tokens with which all three call in place of their logins, or null
 */
record Callers(
        Client admin,
        Client owner,
        Client other,
        Client host,
        Client otherHost,
        List<Client> noGood,
        Scoped adminsTokens,
        Scoped ownersTokens,
        @Nullable Scoped byTokens) {

    /** The session of the host's agent. */
    static final String SESSION = "0b7d4a3e-6a53-4b1e-9d0c-0d2f3a1c9b10";

    /** A caller who gets another answer than what the table has for their user. */
    record Refused(String who, Client client, int status) {}

    /** One user's personal tokens: each scope by itself, and those that administration needs. */
    record Scoped(Client read, Client write, Client admin, Client readAndWrite, Client adminRead, Client adminWrite) {

        static Scoped of(Client login) {
            return new Scoped(
                    token(login, "\"read\""),
                    token(login, "\"write\""),
                    token(login, "\"admin\""),
                    token(login, "\"read\",\"write\""),
                    token(login, "\"admin\",\"read\""),
                    token(login, "\"admin\",\"write\""));
        }
    }

    @FunctionalInterface
    interface Hosts {
        void add(String id, int gpus);
    }

    static Callers loggedIn(Client nobody, JdbcClient jdbc, Hosts hosts) {
        var admin = nobody.user("admin");
        var owner = nobody.user("owner");
        var other = nobody.user("other");
        hosts.add("h1", 1);
        var host = hostToken(admin, "h1");
        hosts.add("h2", 0);
        var otherHost = hostToken(admin, "h2");
        assertThat(admin.post("/api/v1/hosts/h2/drain").status()).isEqualTo(200);
        return new Callers(
                admin,
                owner,
                other,
                host,
                otherHost,
                noGood(nobody, admin, jdbc),
                Scoped.of(admin),
                Scoped.of(owner),
                null);
    }

    /** The same users, each with a token that has only what the request at hand needs. */
    Callers byPersonalTokens() {
        return new Callers(admin, owner, other, host, otherHost, noGood, adminsTokens, ownersTokens, Scoped.of(other));
    }

    Client admin(OwnershipIT.Row row) {
        return byTokens == null ? admin : row.reads() ? adminsTokens.adminRead() : adminsTokens.adminWrite();
    }

    Client owner(OwnershipIT.Row row) {
        return byTokens == null ? owner : row.reads() ? ownersTokens.read() : ownersTokens.write();
    }

    Client other(OwnershipIT.Row row) {
        return byTokens == null ? other : row.reads() ? byTokens.read() : byTokens.write();
    }

    /** Who is refused where their user, or their host, would not be. */
    List<Refused> refused(OwnershipIT.Row row) {
        var refused = new ArrayList<Refused>();
        noGood.forEach(token -> refused.add(new Refused("a token that is no good", token, row.anonymous())));
        if (row.isPublic()) {
            refused.add(new Refused("a host", host, row.anonymous()));
            return refused;
        }
        refused.add(new Refused("another host", otherHost, 403));
        if (row.agent() == null) {
            refused.add(new Refused("a host", host, 403));
        }
        if (row.name().equals("POST /users/logout")) {
            // Says the same to every personal token, whatever its scopes.
            return refused;
        }
        refused.add(new Refused(
                "the owner's token without the method's scope",
                row.reads() ? ownersTokens.write() : ownersTokens.read(),
                403));
        refused.add(new Refused("the owner's token for administration only", ownersTokens.admin(), 403));
        refused.add(new Refused(
                "the administrator's token without the method's scope",
                row.reads() ? adminsTokens.adminWrite() : adminsTokens.adminRead(),
                403));
        if (row.isForAdmins()) {
            refused.add(new Refused(
                    "the owner's token that claims administration",
                    row.reads() ? ownersTokens.adminRead() : ownersTokens.adminWrite(),
                    403));
            refused.add(
                    new Refused("the administrator's token without administration", adminsTokens.readAndWrite(), 403));
        } else if (row.route().contains("{env}") && row.agent() == null) {
            refused.add(new Refused(
                    "the administrator's token without administration", adminsTokens.readAndWrite(), row.other()));
        }
        return refused;
    }

    private static List<Client> noGood(Client nobody, Client admin, JdbcClient jdbc) {
        var leaver = nobody.user("leaver");
        var leaversToken = token(leaver, "\"read\",\"write\",\"admin\"");
        var loggedOut = nobody.login("leaver", "secret-leaver");
        assertThat(loggedOut.post("/api/v1/users/logout").status()).isEqualTo(204);
        var expired = token(admin, "\"admin\",\"write\",\"read\"");
        jdbc.sql("UPDATE personal_tokens SET expires_at = now() - interval '1 second' WHERE user_id <> ("
                        + "SELECT id FROM users WHERE username = 'leaver')")
                .update();
        var id = leaver.get("/api/v1/users/me").json().get("id").asString();
        assertThat(admin.put("/api/v1/users/" + id + "/status", "{\"status\":\"inactive\"}")
                        .status())
                .isEqualTo(200);
        return List.of(
                leaver,
                leaversToken,
                loggedOut,
                expired,
                nobody.as("rgpu_" + "A".repeat(43)),
                nobody.as("rgph_" + "A".repeat(43)),
                nobody.as("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."),
                nobody.as("nonsense"));
    }

    private static Client token(Client login, String scopes) {
        var made = login.post(
                "/api/v1/users/me/tokens",
                "{\"name\":\"%s\",\"scopes\":[%s]}"
                        .formatted(scopes.replaceAll("[\",]", " ").strip(), scopes));
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return login.as(made.json().get("token").asString());
    }

    private static Client hostToken(Client admin, String host) {
        return admin.as(admin.put("/api/v1/hosts/" + host, "{\"renew_token\":true}")
                .json()
                .get("token")
                .asString());
    }
}
