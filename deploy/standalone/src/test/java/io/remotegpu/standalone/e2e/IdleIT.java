package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Real people's use of real containers, on a server that stops after ten seconds what nobody uses. */
class IdleIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String SLEEP = """
            {"header":{"msg_id":"1","username":"","session":"s","msg_type":"execute_request","version":"5.3"},
             "parent_header":{},"metadata":{},"channel":"shell","buffers":[],
             "content":{"code":"import time; time.sleep(600)","silent":false,"store_history":false,"user_expressions":{},
                        "allow_stdin":false,"stop_on_error":true}}""";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Installation installation;
    private static Api user;
    private static Terminal terminal;

    @BeforeAll
    static void start() {
        installation = Installation.onTheTestEngine(
                folder.resolve("home"),
                Map.of(
                        "REMOTEGPU_IDLE_EVERY", "2s",
                        // However busy the machine that tests are run on.
                        "REMOTEGPU_IDLE_LONGESTGAP", "2m",
                        "REMOTEGPU_IDLE_CPUPERCENT", "60",
                        "REMOTEGPU_IDLE_DEFAULTTIMEOUTS_TERMINAL", TIMEOUT.toString(),
                        "REMOTEGPU_IDLE_DEFAULTTIMEOUTS_IDE", TIMEOUT.toString(),
                        "REMOTEGPU_TIMETABLE_EVERY", "2s",
                        "REMOTEGPU_TIMETABLE_WARNING", "2s",
                        "REMOTEGPU_TIMETABLE_MAXLIFETIME", "2d",
                        "REMOTEGPU_TIMETABLE_DELETEAFTER", "30d",
                        "REMOTEGPU_TIMETABLE_DELETENOTICE", "2s"));
        user = installation.api().register("admin");
        terminal = new Terminal(folder.resolve("terminal")).addTo(user);
    }

    @AfterAll
    static void nothingStays() {
        if (installation != null) {
            installation.close();
        }
    }

    @Test
    void anOpenSshSessionAndABusyKernelKeepWhatIsStoppedOnceNobodyUsesIt() throws Exception {
        // Jupyter takes its time; until then, the other one is used.
        var shell = UserEnvironment.running(user, UserEnvironment.request("shell", "terminal", "docker", 0));
        var session = terminal.open(shell.sshCommand(), shell, "sleep 600");
        try {
            var notebook = UserEnvironment.running(user, UserEnvironment.request("notebook", "ide", "docker", 0));
            var jupyter = new Jupyter(
                    URI.create(notebook.service("jupyter").path("url").asString("")));
            var kernel = jupyter.busyKernel();

            usedForLongerThanItsTimeout(shell, "1 open connection");
            usedForLongerThanItsTimeout(notebook, "1 busy kernel");

            jupyter.interrupt(kernel);
            stoppedBecauseUnused(notebook, "no busy kernel, the last active at");
            assertThat(shell.status()).isEqualTo("running");
            notebook.delete();
        } finally {
            session.destroy();
        }
        session.waitFor(30, TimeUnit.SECONDS);
        stoppedBecauseUnused(shell, "no open connection");
        assertThat(shell.operate("start").path("status").asString("")).isEqualTo("running");
        assertThat(shell.look().path("stop_reason").isNull()).isTrue();
        shell.delete();
        installation.hasNothingOf(shell);
    }

    /** Months are not waited for: what was, is written as if it had been longer ago. */
    @Test
    void aTimetableStopsStartsEndsAndDeletes() {
        var ann = installation.api().register("ann");
        var request = UserEnvironment.request("timed", "terminal", "docker", 0);
        var timed = UserEnvironment.running(
                ann, request.replaceFirst("}$", ",\"idle_timeout\":\"4h\",\"max_lifetime\":\"12h\"}"));

        var runs = timed.look();
        assertThat(time(runs, "lifetime_ends_at"))
                .isEqualTo(time(runs, "started_at").plus(Duration.ofHours(12)));
        assertThat(runs.path("deletes_at").isNull()).isTrue();
        var refused =
                ann.post(timed.path() + "/extend", "{\"duration\":\"3d\"}").expect(422);
        assertThat(refused.body().path("errors").path(0).path("field").asString(""))
                .isEqualTo("duration");

        // Comes soon, and not before it is written.
        var moment =
                Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        timetable(timed, "stop", moment);
        timed.await("stopped");
        assertThat(Instant.now()).as("the schedule's moment").isAfterOrEqualTo(moment);
        var rests = timed.look();
        assertThat(rests.path("stop_reason").asString("")).isEqualTo("its schedule stops it at " + moment);
        assertThat(rests.path("lifetime_ends_at").isNull()).isTrue();
        assertThat(time(rests, "deletes_at"))
                .isEqualTo(time(rests, "stopped_at").plus(Duration.ofDays(30)));

        timetable(timed, "start", moment);
        installation.rows().damage("UPDATE timetables SET dealt_with = dealt_with - interval '1 hour'");
        timed.await("running");

        ann.post(timed.path() + "/extend", "{\"duration\":\"1h\"}").expect(200);
        ago("started_at", "12 hours", timed);
        var extended = timed.look();
        assertThat(time(extended, "lifetime_ends_at")).isEqualTo(time(extended, "extended_until"));
        installation.rows().damage("UPDATE environments SET extended_until = NULL WHERE id = '" + timed.id() + "'");
        timed.await("stopped");
        assertThat(timed.look().path("stop_reason").asString("")).startsWith("it has run since ");
        assertThat(events()).contains("it may run for 12 h: it will be stopped at");

        ago("stopped_at", "30 days", timed);
        timed.gone();
        assertThat(events()).contains("it will be deleted with its data at");
        installation.hasNothingOf(timed);
    }

    /** Of one moment, in the time of a zone that is half an hour beside the others. */
    private static void timetable(UserEnvironment environment, String what, Instant moment) {
        var local = moment.atZone(ZoneId.of("Asia/Kolkata"));
        var schedule = """
                {"schedule":{"%s":"%d %d * * *","time_zone":"Asia/Kolkata"}}""".formatted(what, local.getMinute(), local.getHour());
        environment.user().send("PATCH", environment.path(), schedule).expect(200);
    }

    private static void ago(String column, String time, UserEnvironment environment) {
        installation
                .rows()
                .damage("UPDATE environments SET %1$s = %1$s - interval '%2$s' WHERE id = '%3$s'"
                        .formatted(column, time, environment.id()));
    }

    private static Instant time(JsonNode view, String field) {
        assertThat(view.path(field).isString()).as(field + " in " + view).isTrue();
        return Instant.parse(view.path(field).asString(""));
    }

    private static String events() {
        return String.valueOf(installation.rows().everything().get("environment_events"));
    }

    private static void usedForLongerThanItsTimeout(UserEnvironment environment, String by) {
        Eventually.until("it is seen in use for twice its time out", () -> {
            var activity = activity(environment);
            return activity.path("state").asString("").equals("in_use")
                    && activity.path("finding").asString("").equals(by)
                    && seenFor(environment, activity).compareTo(TIMEOUT.multipliedBy(2)) > 0;
        });
        assertThat(environment.status()).isEqualTo("running");
    }

    private static Duration seenFor(UserEnvironment environment, JsonNode activity) {
        return Duration.between(
                Instant.parse(environment.look().path("started_at").asString("")),
                Instant.parse(activity.path("judged_at").asString("")));
    }

    private static void stoppedBecauseUnused(UserEnvironment environment, String finding) {
        environment.await("stopped");
        assertThat(environment.look().path("stop_reason").asString(""))
                .startsWith("nobody used it for 10 s: ")
                .contains(finding);
        var events = user.get(environment.path() + "/events").expect(200).body().toString();
        assertThat(events).contains("warned", "nobody uses it since", "asked for by idle-reaper: nobody used it");
    }

    private static JsonNode activity(UserEnvironment environment) {
        return user.get(environment.path() + "/activity").expect(200).body();
    }

    /** A notebook server, as a browser handles it. */
    private record Jupyter(String address, String token, HttpClient client) {

        Jupyter(URI lab) {
            this(lab.getAuthority(), lab.getQuery().replace("token=", ""), HttpClient.newHttpClient());
        }

        /** The id of one that sleeps, with nobody connected to it. */
        String busyKernel() throws Exception {
            var answer = send("POST", "/api/kernels", "{\"name\":\"python3\"}");
            var id = answer.replaceAll("(?s).*\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
            var channels = client.newWebSocketBuilder()
                    .header("Authorization", "token " + token)
                    .buildAsync(
                            URI.create("ws://" + address + "/api/kernels/" + id + "/channels"),
                            new WebSocket.Listener() {})
                    .get(60, TimeUnit.SECONDS);
            channels.sendText(SLEEP, true).get(30, TimeUnit.SECONDS);
            Eventually.until(
                    "the kernel is busy",
                    () -> send("GET", "/api/kernels/" + id, "").contains("\"busy\""));
            channels.abort();
            return id;
        }

        void interrupt(String kernel) throws IOException, InterruptedException {
            send("POST", "/api/kernels/" + kernel + "/interrupt", "");
        }

        private String send(String method, String path, String body) throws IOException, InterruptedException {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + address + path))
                            .header("Authorization", "token " + token)
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
            return answer.body();
        }
    }
}
