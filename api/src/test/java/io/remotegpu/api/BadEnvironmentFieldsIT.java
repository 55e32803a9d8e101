package io.remotegpu.api;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every field of every route of environments, wrong in every way that came to mind. */
class BadEnvironmentFieldsIT extends HostileRequests {

    /** What is wrong wherever a lifetime or a schedule is said. */
    private static final String[][] BAD_TIMETABLES = {
        {"max_lifetime", "\"soon\""},
        {"max_lifetime", "3600"},
        {"max_lifetime", "\"4m\""},
        {"max_lifetime", "\"366d\""},
        {"max_lifetime", "\"PT9999999999H\""},
        {"max_lifetime", "{}"},
        {"schedule", "\"daily\""},
        {"schedule", "[]"},
        {"schedule", "{\"time_zone\":\"UTC\"}"},
        {"schedule", "{\"stop\":\"0 20 * * *\"}", "schedule.time_zone"},
        {"schedule", "{\"stop\":\"0 20 * * *\",\"time_zone\":\"Mars\"}", "schedule.time_zone"},
        {"schedule", "{\"stop\":\"0 20 * *\",\"time_zone\":\"UTC\"}", "schedule.stop"},
        {"schedule", "{\"stop\":\"@daily\",\"time_zone\":\"UTC\"}", "schedule.stop"},
        {"schedule", "{\"start\":\"0 0 30 2 *\",\"time_zone\":\"UTC\"}", "schedule.start"},
        {"schedule", "{\"start\":\"" + "1,".repeat(999) + "1 * * * *\",\"time_zone\":\"UTC\"}", "schedule.start"},
        {"schedule", "{\"start\":\"" + NUL + "\",\"time_zone\":\"UTC\"}", "schedule.start"},
        {"schedule", "{\"start\":7,\"time_zone\":\"UTC\"}", "schedule.start"},
    };

    @Test
    void wrongFieldsOfEnvironmentsAreNamed() {
        refusesAll(
                admin, fields("POST", "/environments", TERMINAL.formatted("e1").strip(), new String[][] {
                    {"name", "null"},
                    {"name", "\"\""},
                    {"name", "\"E1\""},
                    {"name", "\"-a\""},
                    {"name", "\"a-\""},
                    {"name", "\"a_b\""},
                    {"name", "\"" + "a".repeat(64) + "\""},
                    {"name", "\"a" + NUL + "\""},
                    {"name", "\"a;rm -rf /\""},
                    {"environment_type", "null"},
                    {"environment_type", "\"IDE\""},
                    {"environment_type", "\"vim\""},
                    {"environment_type", "0"},
                    {"deployment_mode", "null"},
                    {"deployment_mode", "\"podman\""},
                    {"deployment_mode", "1"},
                    {"cpu", "null"},
                    {"cpu", "0"},
                    {"cpu", "-4"},
                    {"cpu", "1.5"},
                    {"cpu", "\"4\""},
                    {"cpu", "1025"},
                    {"cpu", "1e400"},
                    {"memory", "null"},
                    {"memory", "\"63Mi\""},
                    {"memory", "\"16gb\""},
                    {"memory", "0"},
                    {"memory", "\"65Ti\""},
                    {"memory", "\"99999999999999999999\""},
                    {"memory", "99999999999999999999"},
                    {"memory", "[]"},
                    {"gpu", "-1"},
                    {"gpu", "1025"},
                    {"gpu", "\"1\""},
                    {"storage", "null"},
                    {"storage", "-1"},
                    {"storage", "\"2Pi\""},
                    {"image", "\"\""},
                    {"image", "\"UPPER/case\""},
                    {"image", "\"remotegpu/ide; rm\""},
                    {"image", "\"docker.io/library/python:3\""},
                    {"image", "\"remotegpu/ide:\""},
                    {"image", "\"remotegpu/other:1\""},
                    {"image", "\"../../etc/passwd\""},
                    {"image", "\"remotegpu/" + "a".repeat(600) + "\""},
                    {"env", "[]"},
                    {"env", "{\"1A\":\"x\"}", "env[1A]"},
                    {"env", "{\"A B\":\"x\"}", "env[A B]"},
                    {"env", "{\"A\":null}", "env[A]"},
                    {"env", "{\"A\":1}", "env.A"},
                    {"env", "{\"A\":\"" + NUL + "\"}", "env.A"},
                    {"env", "{\"A\":\"a\\nb\"}", "env[A]"},
                    {"env", "{\"REMOTEGPU_X\":\"a\"}", "env[REMOTEGPU_X]"},
                    {"env", "{\"PATH\":\"/tmp\"}", "env[PATH]"},
                    {"env", "{\"LD_PRELOAD\":\"a\"}", "env[LD_PRELOAD]"},
                    {"env", "{\"NVIDIA_VISIBLE_DEVICES\":\"all\"}", "env[NVIDIA_VISIBLE_DEVICES]"},
                    {"env", "{\"A\":\"" + "x".repeat(4097) + "\"}", "env[A]"},
                    {"gpu_model", "\"NVIDIA H100\""},
                    {"gpu_memory_min", "\"80Gi\""},
                    {"gpu_model", "\"\""},
                    {"host_id", "\"nope\""},
                    {"host_id", "\"\""},
                    {"idle_timeout", "\"soon\""},
                    {"idle_timeout", "7200"},
                    {"idle_timeout", "\"1s\""},
                    {"idle_timeout", "\"9999d\""},
                    {"idle_timeout", "\"PT99999999999999H\""},
                    {"priority", "101"},
                    {"priority", "-101"},
                    {"wait", "\"yes\""},
                    {"wait", "1"},
                    {"wait_timeout", "\"2h\""},
                    {"wait_timeout", "7200"},
                    {"wait_timeout", "\"soon\""},
                    {"wait_timeout", "\"0s\""},
                    {"wait_timeout", "\"-PT1H\""},
                    {"wait_timeout", "\"8d\",\"wait\":true"},
                    {"wait_timeout", "\"PT99999999999999H\",\"wait\":true"},
                    {"wait_timeout", "\"1h\",\"wait\":false"},
                    {"user_id", "1"},
                    {"status", "\"running\""},
                    {"id", "\"x\""}
                }));
        refusesAll(
                admin, fields("POST", "/environments", TERMINAL.formatted("e1").strip(), BAD_TIMETABLES));
        var unknown = "3f2b8a52-7c0e-4c53-9d0a-0c8f5e2a7b11";
        refusesAll(admin, fields("POST", "/environments/" + unknown + "/start", "{\"wait\":true}", new String[][] {
            {"wait", "\"yes\""},
            {"wait", "[]"},
            {"wait_timeout", "7200"},
            {"wait_timeout", "\"" + NUL + "\""},
            {"wait_timeout", "\"0s\""},
            {"wait_timeout", "\"-1h\""},
            {"queue", "1"},
            {"gpu", "-1"},
            {"gpu", "1025"},
            {"gpu", "1.5"},
            {"gpu", "\"none\""},
            {"gpu", "99999999999"}
        }));
        refusesAll(admin, fields("PATCH", "/environments/" + unknown, "{\"idle_timeout\":\"1h\"}", new String[][] {
            {"idle_timeout", "\"soon\""},
            {"idle_timeout", "3600"},
            {"idle_timeout", "\"0s\""},
            {"idle_timeout", "\"-1h\""},
            {"idle_timeout", "\"9999d\""},
            {"idle_timeout", "\"PT99999999999999H\""},
            {"idle_timeout", "[]"},
            {"protected", "\"yes\""},
            {"protected", "[]"},
            {"cpu", "0"},
            {"cpu", "1025"},
            {"cpu", "\"four\""},
            {"memory", "\"63Mi\""},
            {"memory", "\"65Ti\""},
            {"memory", "-1"},
            {"memory", "\"" + NUL + "\""},
            {"gpu", "-1"},
            {"gpu", "1025"},
            {"storage", "\"1Gi\""},
            {"status", "\"running\""},
            {"user_id", "1"}
        }));
        refusesAll(admin, fields("PATCH", "/environments/" + unknown, "{\"idle_timeout\":\"1h\"}", BAD_TIMETABLES));
        for (var word : List.of("retry", "skip", "abort")) {
            refusesAll(
                    admin,
                    fields(
                            "POST",
                            "/environments/" + unknown + "/operation/" + word,
                            "{\"reason\":\"r\",\"operation_id\":\"o\"}",
                            new String[][] {
                                {"reason", "\"\""},
                                {"reason", "17"},
                                {"reason", "[]"},
                                {"reason", "\"a\\u0007b\""},
                                {"reason", "\"" + NUL + "\""},
                                {"reason", "\"" + "x".repeat(501) + "\""},
                                {"operation_id", "\"\""},
                                {"operation_id", "\"a b\""},
                                {"operation_id", "\"'; DROP TABLE operations; --\""},
                                {"operation_id", "\"" + "x".repeat(101) + "\""},
                                {"operation_id", "{}"},
                                {"by", "\"somebody else\""}
                            }));
        }
        var bad = new ArrayList<Bad>();
        for (var route : List.of(
                "POST operation/retry",
                "POST operation/skip",
                "POST operation/abort",
                "GET ",
                "DELETE ",
                "POST start",
                "POST stop",
                "GET access",
                "GET activity",
                "GET events",
                "GET logs")) {
            var parts = (route + " ").split(" ", 3);
            var rest = parts[1].isEmpty() ? "" : "/" + parts[1];
            bad.add(new Bad(parts[0], "/environments/" + unknown + rest, null, 404, "not_found", null));
            bad.add(new Bad(parts[0], "/environments/nope" + rest, null, 400, "invalid_parameter", "id"));
        }
        bad.add(new Bad(
                "POST", "/environments/" + unknown + "/extend", "{\"duration\":\"1h\"}", 404, "not_found", null));
        bad.add(new Bad("PATCH", "/environments/" + unknown, "{\"protected\":true}", 404, "not_found", null));
        for (var tail : List.of("0", "-1", "1001", "all", "99999999999")) {
            bad.add(new Bad(
                    "GET", "/environments/" + unknown + "/logs?tail=" + tail, null, 400, "invalid_parameter", "tail"));
        }
        refusesAll(
                admin, fields("POST", "/environments/" + unknown + "/extend", "{\"duration\":\"1h\"}", new String[][] {
                    {"duration", null},
                    {"duration", "null"},
                    {"duration", "\"\""},
                    {"duration", "\"soon\""},
                    {"duration", "3600"},
                    {"duration", "\"59s\""},
                    {"duration", "\"8d\""},
                    {"duration", "\"-1h\""},
                    {"until", "\"2030-01-01T00:00:00Z\""}
                }));
        bad.add(new Bad("GET", "/environments?status=up", null, 400, "invalid_parameter", "status"));
        bad.add(new Bad("GET", "/environments?type=vim", null, 400, "invalid_parameter", "type"));
        bad.add(new Bad("GET", "/environments?user_id=me", null, 400, "invalid_parameter", "user_id"));
        refusesAll(admin, bad.stream());
    }
}
