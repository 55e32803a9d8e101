package io.remotegpu.api.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an administrator says of hosts, and sees of them. */
class HostWordsIT extends ApiTest {

    private Client admin = nobody;

    @BeforeEach
    void anAdminAndAHost() {
        admin = nobody.user("admin");
        activeHost("h1", 2);
    }

    @Test
    void aDrainSaysWhatBecomesOfWhatRunsThere() {
        var kept = admin.post("/api/v1/hosts/h1/drain", null);
        assertThat(kept.json().get("status").asString()).as(kept.toString()).isEqualTo("draining");
        assertThat(kept.json().get("drain_stops").asBoolean()).isFalse();

        assertThat(drainStops("{\"environments\":\"stop\"}")).isTrue();
        assertThat(drainStops("{\"environments\":\"keep\"}")).isFalse();
        assertThat(drainStops("{\"environments\":\"stop\"}")).isTrue();
        assertThat(drainStops("{}")).isFalse();
        assertThat(admin.post("/api/v1/hosts/h1/activate", null)
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("active");
    }

    private boolean drainStops(String body) {
        return admin.post("/api/v1/hosts/h1/drain", body)
                .json()
                .get("drain_stops")
                .asBoolean();
    }

    @Test
    void aHostShowsWhoIsOnItAndWhatBecameOfIt() {
        var made = admin.post("/api/v1/environments", TERMINAL.formatted("mine"), "Prefer", "wait=20");
        assertThat(made.status()).as(made.toString()).isEqualTo(202);
        admin.post("/api/v1/hosts/h1/drain", null);

        var host = admin.get("/api/v1/hosts/h1").json();
        var there = host.get("environments");
        assertThat(there.size()).as(host.toString()).isEqualTo(1);
        assertThat(there.get(0).get("id")).isEqualTo(made.json().get("id"));
        assertThat(there.get(0).get("name").asString()).isEqualTo("mine");
        assertThat(there.get(0).get("owner").asString()).isEqualTo("admin");
        assertThat(admin.get("/api/v1/hosts").json().get("items").get(0).has("environments"))
                .isFalse();

        var events = admin.get("/api/v1/hosts/h1/events").json();
        assertThat(events.get("items").get(0).get("status").asString()).isEqualTo("draining");
        var after = events.get("after").asLong();
        assertThat(admin.get("/api/v1/hosts/h1/events?after=" + after).json().get("items"))
                .isEmpty();
    }

    @Test
    void whatAHostDoesNotGuardIsSaidUntilItDoes() {
        var made =
                admin.post("/api/v1/hosts", "{\"id\":\"h9\",\"name\":\"GPU Server 9\",\"ip_address\":\"192.168.1.9\"}");
        var host = nobody.as(made.json().get("token").asString());
        heard(
                host,
                "\"unguarded.docker.rest\":\"the disk is open\",\"unguarded.docker.network\":\"the network is open\",");
        var one = admin.get("/api/v1/hosts/h9").json();
        assertThat(one.get("unguarded").valueStream().map(said -> said.asString()))
                .as(one.toString())
                .containsExactly("the network is open", "the disk is open");
        assertThat(admin.get("/api/v1/hosts").json().get("items").valueStream())
                .filteredOn(shown -> shown.get("unguarded").size() == 2)
                .extracting(shown -> shown.get("id").asString())
                .containsExactly("h9");

        heard(host, "");
        assertThat(admin.get("/api/v1/hosts/h9").json().get("unguarded")).isEmpty();
    }

    private static void heard(Client host, String facts) {
        var heard = host.post(
                "/api/v1/hosts/h9/heartbeat",
                "{\"cpu\":8,\"memory\":\"64Gi\",\"deployment_modes\":[\"docker\"],\"facts\":{" + facts
                        + "\"docker\":\"26.1\"}}");
        assertThat(heard.status()).as(heard.toString()).isEqualTo(200);
    }

    @Test
    void lostIsNotTakenBackBeforeTheHostIsSwept() {
        var lost = admin.post("/api/v1/hosts/h1/lost", null).json();
        assertThat(lost.get("status").asString()).isEqualTo("lost");
        assertThat(lost.get("unswept").asBoolean()).isTrue();

        var activated = admin.post("/api/v1/hosts/h1/activate", null);

        assertThat(activated.status()).isEqualTo(200);
        assertThat(activated.json().get("status").asString()).isEqualTo("quarantined");
        assertThat(activated.json().get("status_reason").asString()).contains("declared lost");
    }
}
