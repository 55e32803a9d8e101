package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import org.junit.jupiter.api.Test;

class WalkThroughIT extends ApiTest {

    @Test
    void theSeedsWalkThroughWorksVerbatimOnAFreshInstallation() {
        var registered = nobody.post("/api/v1/users/register", """
                {"username":"test","email":"test@example.com","password":"123456"}""");
        assertThat(registered.status()).as(registered.toString()).isEqualTo(201);
        assertThat(registered.json().get("role").asString()).isEqualTo("admin");

        var login = nobody.post("/api/v1/users/login", """
                {"username":"test","password":"123456"}""");
        assertThat(login.status()).as(login.toString()).isEqualTo(200);
        assertThat(login.json().get("token_type").asString()).isEqualTo("Bearer");
        assertThat(login.json().get("expires_at").asString()).endsWith("Z");

        var admin = nobody.as(login.json().get("token").asString());
        var host = admin.post("/api/v1/hosts", """
                {"id":"host-001","name":"GPU Server 1","ip_address":"192.168.1.100"}""");
        assertThat(host.status()).as(host.toString()).isEqualTo(201);
        assertThat(host.header("Location")).isEqualTo("/api/v1/hosts/host-001");
        assertThat(host.json().get("token").asString()).startsWith("rgph_");
        assertThat(admin.get("/api/v1/hosts/host-001").json().has("token")).isFalse();
    }

    @Test
    void anEnvironmentIsAskedForWatchedReachedStoppedStartedAndDeleted() {
        var admin = nobody.user("admin");
        activeHost("host-001", 2);

        var created = admin.post(
                "/api/v1/environments", """
                {"name":"train-1","environment_type":"ide","deployment_mode":"docker","cpu":4,"memory":"16Gi","gpu":1,"storage":"50Gi"}""",
                "Prefer", "wait=20");
        assertThat(created.status()).as(created.toString()).isEqualTo(202);
        assertThat(created.header("Preference-Applied")).isEqualTo("wait=20");
        assertThat(created.json().get("status").asString()).isEqualTo("running");
        assertThat(created.json().get("gpus")).hasSize(1);
        var path = "/api/v1/environments/" + created.json().get("id").asString();
        assertThat(created.header("Location")).isEqualTo(path);

        var access = admin.get(path + "/access");
        assertThat(access.status()).as(access.toString()).isEqualTo(200);
        var ssh = access.json().get("services").get(0);
        assertThat(ssh.get("name").asString()).isEqualTo("ssh");
        assertThat(ssh.get("command").asString())
                .isEqualTo("ssh -p " + ssh.get("port").asInt() + " dev@10.0.0.1");
        var jupyter = access.json().get("services").get(1);
        assertThat(jupyter.get("url").asString())
                .isEqualTo("http://10.0.0.1:" + jupyter.get("port").asInt() + "/lab?token="
                        + jupyter.get("token").asString());

        assertThat(admin.send("POST", path + "/stop", null, "Prefer", "wait=20")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("stopped");
        assertThat(admin.get(path + "/access").code()).isEqualTo("invalid_state");
        assertThat(admin.send("POST", path + "/start", null, "Prefer", "wait=20")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("running");
        assertThat(admin.get(path + "/events").json().get("items")).isNotEmpty();
        assertThat(admin.delete(path, "Prefer", "wait=20").json().get("status").asString())
                .isEqualTo("deleted");
        assertThat(admin.get(path).status()).isEqualTo(404);
        assertThat(admin.delete(path).status()).isEqualTo(404);
        assertThat(admin.get("/api/v1/environments").json().get("total").asInt())
                .isZero();
        assertThat(admin.get("/api/v1/environments?status=deleted")
                        .json()
                        .get("total")
                        .asInt())
                .isEqualTo(1);
    }
}
