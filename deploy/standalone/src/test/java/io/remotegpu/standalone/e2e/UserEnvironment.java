package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** An environment as its user handles it, through the API only. */
record UserEnvironment(Api user, UUID id) {

    static final String WAIT = "wait=60";

    /** The smallest request of a type, with this many GPUs. */
    static String request(String name, String type, String mode, int gpus) {
        return """
                {"name":"%s","environment_type":"%s","deployment_mode":"%s","cpu":1,"memory":"1Gi","gpu":%d,"storage":"1Gi"}""".formatted(name, type, mode, gpus);
    }

    /** Asks for one; returns as soon as it is admitted. */
    static UserEnvironment admitted(Api user, String request) {
        return of(user, user.post("/environments", request).expect(202));
    }

    static UserEnvironment running(Api user, String request) {
        return admitted(user, request).await("running");
    }

    static UserEnvironment of(Api user, Api.Answer answer) {
        return new UserEnvironment(user, UUID.fromString(answer.text("id")));
    }

    String path() {
        return "/environments/" + id;
    }

    JsonNode look() {
        return user.get(path()).expect(200).body();
    }

    String status() {
        return look().path("status").asString("");
    }

    UserEnvironment await(String status) {
        var seen = Eventually.value(
                "environment " + id + " is " + status,
                this::look,
                view -> List.of(status, "failed").contains(view.path("status").asString("")));
        assertThat(seen.path("status").asString("")).as(seen.toString()).isEqualTo(status);
        return this;
    }

    /** Start or stop, to its end. */
    JsonNode operate(String operation) {
        return user.post(path() + "/" + operation, "", "Prefer", WAIT)
                .expect(202)
                .body();
    }

    void delete() {
        var deleted = user.delete(path(), "Prefer", WAIT).expect(202);
        assertThat(deleted.text("status")).as(deleted.toString()).isEqualTo("deleted");
        gone();
    }

    void gone() {
        Eventually.until("environment " + id + " is gone", () -> {
            var answer = user.get(path());
            // A create that was interrupted by the delete shows as cancelled for a moment.
            assertThat(answer.body().path("failure").path("code").asString("cancelled"))
                    .as(answer.toString())
                    .isEqualTo("cancelled");
            return answer.status() == 404;
        });
    }

    List<Integer> gpuIndexes() {
        return StreamSupport.stream(look().path("gpus").spliterator(), false)
                .map(gpu -> gpu.path("gpu_index").asInt())
                .sorted()
                .toList();
    }

    JsonNode service(String name) {
        var access = user.get(path() + "/access").expect(200).body();
        return StreamSupport.stream(access.path("services").spliterator(), false)
                .filter(service -> service.path("name").asString("").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no service " + name + " in " + access));
    }

    String sshCommand() {
        return service("ssh").path("command").asString("");
    }
}
