package io.remotegpu.standalone.demo;

import io.remotegpu.standalone.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The story itself; {@link #close()} gives back what a failure left. */
final class WalkThrough implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String PROOF = "written before the stop";

    private final DemoOptions options;
    private final Account account;
    private final ApiClient api;
    private final SshClient ssh;
    private final Console console;
    private volatile @Nullable String keyPath;
    private volatile @Nullable String environmentPath;

    WalkThrough(DemoOptions options, Account account, ApiClient api, SshClient ssh, Console console) {
        this.options = options;
        this.account = account;
        this.api = api;
        this.ssh = ssh;
        this.console = console;
    }

    void run() throws IOException, InterruptedException {
        console.line("The walk-through, as a user of " + options.url() + "\n");
        step("register", this::register);
        step("log in", this::logIn);
        step("add an SSH key", this::addKey);
        for (int i = 0; i < options.times(); i++) {
            oneEnvironment();
        }
    }

    private void oneEnvironment() throws IOException, InterruptedException {
        step("create an environment", this::create);
        if (options.connects()) {
            step("connect by ssh", () -> remote("uname -sm && id -un"));
            step("write a file", () -> remote("echo '" + PROOF + "' > ~/proof && cat ~/proof"));
        } else {
            console.say("", "(a simulated environment runs nothing: no ssh)");
        }
        step("stop", () -> operate("stop", "stopped"));
        step("start", () -> operate("start", "running"));
        if (options.connects()) {
            step("see the file still there", this::readProof);
        }
        step("delete", this::delete);
    }

    private String register() throws InterruptedException {
        var answer = api.send(
                "POST",
                "/users/register",
                Map.of("username", account.name(), "email", account.email(), "password", account.password()));
        if (answer.status() == 409) {
            return account.name() + " is registered already";
        }
        if (answer.status() != 201 && answer.status() != 200) {
            throw answer.unexpected();
        }
        String role = answer.body().path("role").asString("user");
        return account.name()
                + (role.equals("admin")
                        ? ", as the first user and so the admin; its password is in keys/demo-account"
                        : "");
    }

    private String logIn() throws InterruptedException {
        JsonNode answer =
                api.expect("POST", "/users/login", Map.of("username", account.name(), "password", account.password()));
        api.authenticate(text(answer, "token"));
        return "a token until " + text(answer, "expires_at");
    }

    private String addKey() throws IOException, InterruptedException {
        JsonNode key = api.expect(
                "POST",
                "/users/me/ssh-keys",
                Map.of("name", "demo-" + Account.random(4), "public_key", ssh.generateKey()));
        keyPath = "/users/me/ssh-keys/" + text(key, "id");
        return key.path("fingerprint").asString("accepted");
    }

    private String create() throws InterruptedException {
        JsonNode admitted = api.expect(
                "POST",
                "/environments",
                Map.of(
                        "name",
                        "demo-" + Account.random(4),
                        "environment_type",
                        "terminal",
                        "deployment_mode",
                        options.mode(),
                        "cpu",
                        1,
                        "memory",
                        "1Gi",
                        "gpu",
                        options.gpus(),
                        "storage",
                        "1Gi"));
        environmentPath = "/environments/" + text(admitted, "id");
        JsonNode environment = await("running");
        return text(admitted, "id") + " on " + environment.path("host_id").asString("?");
    }

    private String operate(String operation, String then) throws InterruptedException {
        api.expect("POST", path() + "/" + operation, null);
        await(then);
        return then;
    }

    private String remote(String command) throws IOException, InterruptedException {
        for (JsonNode service : api.expect("GET", path() + "/access", null).path("services")) {
            if (service.path("name").asString("").equals("ssh")) {
                var target = new SshClient.Target(
                        text(service, "host"), service.path("port").asInt(0), text(service, "username"));
                return ssh.execute(target, path().substring("/environments/".length()), command)
                        .replace("\n", ", ");
            }
        }
        throw new DemoException("GET " + path() + "/access names no service ssh");
    }

    private String readProof() throws IOException, InterruptedException {
        String found = remote("cat ~/proof");
        if (!found.equals(PROOF)) {
            throw new DemoException("the file says '" + found + "' instead of '" + PROOF + "'");
        }
        return "it says: " + found;
    }

    private String delete() throws InterruptedException {
        api.expect("DELETE", path(), null);
        awaitGone();
        environmentPath = null;
        return "gone";
    }

    private JsonNode await(String wanted) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode environment = api.expect("GET", path(), null);
            String status = text(environment, "status");
            if (status.equals(wanted)) {
                return environment;
            }
            if (status.equals("failed")) {
                throw new DemoException("the environment failed: "
                        + environment.path("failure").path("reason").asString("" + environment));
            }
            if (System.nanoTime() > deadline) {
                throw new DemoException("the environment is still " + status + " after " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(POLL);
        }
    }

    private void awaitGone() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (var answer = api.send("GET", path(), null);
                answer.status() != 404;
                answer = api.send("GET", path(), null)) {
            if (answer.status() != 200) {
                throw answer.unexpected();
            }
            if (answer.body().path("status").asString("").equals("failed") || System.nanoTime() > deadline) {
                throw new DemoException("the environment is not gone: " + answer.body());
            }
            Thread.sleep(POLL);
        }
    }

    @Override
    public void close() {
        try {
            if (environmentPath != null) {
                console.line("giving the environment back");
                api.send("DELETE", path(), null);
                awaitGone();
            }
            if (keyPath != null) {
                api.send("DELETE", keyPath, null);
            }
        } catch (DemoException e) {
            console.line("remotegpu demo: not everything was given back: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            api.close();
        }
    }

    private void step(String name, Step step) throws IOException, InterruptedException {
        long began = System.nanoTime();
        String result = step.run();
        console.line(
                String.format(java.util.Locale.ROOT, "  %-26s %7s   %s", name, Console.secondsSince(began), result));
    }

    private String path() {
        String path = environmentPath;
        if (path == null) {
            throw new IllegalStateException("no environment has been created");
        }
        return path;
    }

    /** Ids may be numbers. */
    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new DemoException("the answer lacks " + field + ": " + node);
        }
        return value.asString();
    }

    private interface Step {
        String run() throws IOException, InterruptedException;
    }
}
