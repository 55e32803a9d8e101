package io.remotegpu.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.Client;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is wrong with a request whatever its route. */
class BadRequestsIT extends HostileRequests {

    /** Whatever the route, a body can be wrong in these ways. */
    private static Stream<Bad> anyBody(String method, String path) {
        // The codec's limit is tried beside the other limits.
        var tooLarge = path.contains("/codec/")
                ? Stream.<Bad>empty()
                : Stream.of(
                        new Bad(method, path, "{\"x\":\"" + "y".repeat(300_000) + "\"}", 413, "body_too_large", null));
        var unreadable = Stream.of(
                new Bad(method, path, "", 400, "malformed_json", null),
                new Bad(method, path, "{", 400, "malformed_json", null),
                new Bad(method, path, "{\"a\":1,\"a\":2}", 400, "malformed_json", null),
                new Bad(method, path, "{} {}", 400, "malformed_json", null),
                new Bad(method, path, "\u0001", 400, "malformed_json", null),
                new Bad(method, path, "[".repeat(5000), 422, "validation_failed", "body"),
                new Bad(method, path, "{\"no_such_field\":" + "[".repeat(5000), 400, "malformed_json", null),
                new Bad(method, path, "null", 400, "malformed_json", null),
                new Bad(method, path, "[]", 422, "validation_failed", "body"),
                new Bad(method, path, "\"text\"", 422, "validation_failed", "body"),
                new Bad(method, path, "17", 422, "validation_failed", "body"),
                invalid(method, path, "{\"no_such_field\":1}", "no_such_field"));
        return Stream.concat(unreadable, tooLarge);
    }

    @Test
    void everyBodyThatCannotBeReadIsAnsweredWithAProblem() {
        var bad = new ArrayList<Bad>();
        for (var route : List.of(
                "POST /users/register",
                "POST /users/login",
                "PUT /users/me",
                "PUT /users/me/password",
                "POST /users/me/ssh-keys",
                "POST /users/me/tokens",
                "PUT /users/1/status",
                "PUT /users/1/role",
                "PUT /users/1/identity",
                "POST /hosts",
                "PUT /hosts/h1",
                "POST /gpus",
                "PUT /gpus/1/status",
                "POST /quotas",
                "PUT /quotas/1",
                "POST /alert-targets",
                "POST /codec/decode",
                "POST /codec/encode",
                "POST /environments")) {
            var parts = route.split(" ");
            anyBody(parts[0], parts[1]).forEach(bad::add);
        }
        refusesAll(admin, bad.stream());
    }

    @Test
    void badPagesAreRefusedOnEveryList() {
        refusesAll(
                admin,
                Stream.of(
                                "/audit",
                                "/usage",
                                "/users",
                                "/hosts",
                                "/gpus",
                                "/quotas",
                                "/environments",
                                "/reconciler/findings",
                                "/alerts")
                        .flatMap(list -> Stream.of(
                                new Bad("GET", list + "?page=0", null, 400, "invalid_parameter", "page"),
                                new Bad("GET", list + "?page=-1", null, 400, "invalid_parameter", "page"),
                                new Bad("GET", list + "?page=x", null, 400, "invalid_parameter", "page"),
                                new Bad("GET", list + "?page=99999999999", null, 400, "invalid_parameter", "page"),
                                new Bad("GET", list + "?page_size=0", null, 400, "invalid_parameter", "page_size"),
                                new Bad("GET", list + "?page_size=101", null, 400, "invalid_parameter", "page_size"),
                                new Bad("GET", list + "?page_size=", null, 400, "invalid_parameter", "page_size"))));
        assertThat(admin.get("/api/v1/users?page=1000000&page_size=100").json().get("items"))
                .isEmpty();
    }

    @Test
    void whatIsNotARouteOrAMethodOrAMediaTypeIsAProblemToo() {
        refusesAll(
                admin,
                Stream.of(
                        new Bad("GET", "/nope", null, 404, "no_such_route", null),
                        new Bad("PATCH", "/users/me", "{}", 405, "method_not_allowed", null),
                        new Bad("DELETE", "/environments", null, 405, "method_not_allowed", null),
                        new Bad("GET", "/users/nobody", null, 400, "invalid_parameter", "id")));
        assertThat(admin.send("PATCH", "/api/v1/users/me", "{}").header("Allow"))
                .contains("GET", "PUT");
        var xml = admin.post("/api/v1/environments", "<a/>", "Content-Type", "application/xml");
        assertThat(xml.status()).isEqualTo(415);
        assertThat(xml.code()).isEqualTo("unsupported_media_type");
        for (var form : List.of(
                "multipart/form-data", "application/x-www-form-urlencoded", "nonsense", "text/plain; charset=utf-16")) {
            assertThat(admin.put("/api/v1/users/me", "email=x", "Content-Type", form)
                            .status())
                    .as(form)
                    .isIn(400, 415);
        }
        for (var query : List.of("=x", "?a=%ff", "a=%C3", "=%F1%A8")) {
            assertThat(admin.get("/api/v1/hosts?" + query).status()).as(query).isIn(200, 400);
        }
        assertThat(admin.get("/api/v1/gpus?=x").code()).isEqualTo("invalid_parameter");
        var wantsXml = admin.get("/api/v1/users/me", "Accept", "application/xml");
        assertThat(wantsXml.status()).isEqualTo(406);
        assertThat(wantsXml.code()).isEqualTo("not_acceptable");
        assertThat(admin.get("/api/v1/users/me", "Accept", "nonsense").status()).isEqualTo(406);
        assertThat(admin.get("/api/v1/gpus/..%2f..%2fetc").status()).isEqualTo(400);
        assertThat(admin.get("/api/v1/gpus/%00").code()).isEqualTo("bad_request");
        assertThat(nobody.as("garbage").get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(nobody.as("rgpu_garbage").get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(nobody.as("rgph_garbage").get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(nobody.as("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")
                        .get("/api/v1/users/me")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aListThatIsTooLongIsRefusedBeforeItsElementsAreLookedAt() {
        var nulls = "null" + ",null".repeat(40_000);
        var variables = IntStream.range(0, 15_000)
                .mapToObj(i -> "\"-" + i + "\":null")
                .collect(Collectors.joining(",", "{", "}"));
        for (var answer : List.of(
                admin.post("/api/v1/users/me/tokens", "{\"name\":\"t\",\"scopes\":[" + nulls + "]}"),
                admin.post(
                        "/api/v1/environments",
                        TERMINAL.formatted("e").replace("\"gpu\":0", "\"gpu\":0,\"env\":" + variables)))) {
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.json().get("errors")).hasSize(1);
        }
        assertThat(stored().get("personal_tokens")).isZero();
    }

    @Test
    void aHeaderWithControlCharactersOfLatin1IsRefusedWhereverItIsRead() throws IOException {
        var body = TERMINAL.formatted("e1");
        for (var header : List.of("Accept", "Prefer", "Idempotency-Key", "Authorization")) {
            var answer = raw("POST /api/v1/environments", header, body);
            assertThat(answer)
                    .as(header)
                    .contains("HTTP/1.1 400", "bad_request")
                    .doesNotContain("internal_error");
        }
        assertThat(raw("GET /api/v1/environments/" + UUID.randomUUID() + "/events", "Last-Event-ID", ""))
                .contains("HTTP/1.1 400", "bad_request");
    }

    /** With the character U+0085 in a header, as the one byte that Java's client would not send. */
    private String raw(String route, String header, String body) throws IOException {
        var authorization = header.equals("Authorization") ? "" : "Authorization: Bearer " + admin.token() + "\r\n";
        try (var socket = new Socket("127.0.0.1", Shared.SERVER.port())) {
            socket.getOutputStream()
                    .write((route + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                                    + authorization + header + ": a\u0085b\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void brokenUtf8AndEndlessBodiesAreRefused() {
        var brokenUtf8 = admin.request("/api/v1/users/me")
                .method(
                        "PUT",
                        BodyPublishers.ofByteArray(new byte[] {'{', '"', 'e', '"', ':', '"', (byte) 0xC3, '"', '}'}))
                .setHeader("Content-Type", "application/json")
                .build();
        assertThat(Client.send(brokenUtf8).status()).isIn(400, 422);
        // Without a Content-Length the limit is met while reading.
        HttpRequest endless = admin.request("/api/v1/users/me")
                .method(
                        "PUT",
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(
                                ("{\"email\":\"" + "x".repeat(400_000) + "\"}").getBytes(StandardCharsets.UTF_8))))
                .setHeader("Content-Type", "application/json")
                .build();
        var answer = Client.send(endless);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("body_too_large");
    }

    @Test
    void whatTheServerRefusesBeforeAnyRouteIsAProblem() throws IOException {
        for (var line :
                List.of("GET /api/v1/gpus?x=|<> HTTP/1.1", "GET /api/v1/gpus?q=%zz HTTP/1.1", "G@T / HTTP/1.1")) {
            try (var socket = new Socket("127.0.0.1", Shared.SERVER.port())) {
                socket.getOutputStream()
                        .write((line + "\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer)
                        .as(line)
                        .containsPattern("HTTP/1.1 4\\d\\d")
                        .doesNotContain("<html", "Tomcat", "\tat ");
            }
        }
    }
}
