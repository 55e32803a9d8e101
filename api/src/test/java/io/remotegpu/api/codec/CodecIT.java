package io.remotegpu.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Client.Answer;
import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettings.Encryption;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What Temporal keeps encrypted, decoded for its UI and its command line, as they ask for it. */
class CodecIT extends ApiTest {

    private static final String DECODE = "/api/v1/codec/decode";
    private static final String LINKS = "/api/v1/codec/links";
    private static final String VALUE = "an image that Temporal does not see";

    private final DataConverter encrypting = TemporalConnections.payloads(new Encryption(true, PAYLOAD_KEY));
    private final DataConverter plain = TemporalConnections.payloads(new Encryption(false, null));

    @TempDir
    private Path folder;

    private Client admin = nobody;

    @BeforeEach
    void anAdmin() {
        admin = nobody.user("admin");
    }

    @Test
    void whatIsEncryptedIsDecodedInItsOrderAndTheRestIsAnsweredAsItIs() throws IOException {
        var some = Payloads.newBuilder()
                .addPayloads(encrypting.toPayload(VALUE).orElseThrow())
                .addPayloads(plain.toPayload(17).orElseThrow())
                .addPayloads(encrypting.toPayload(null).orElseThrow())
                .addPayloads(Payload.getDefaultInstance())
                .build();

        var answer = admin.post(DECODE, json(some), "X-Namespace", "default");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(payloads(answer))
                .containsExactly(
                        plain.toPayload(VALUE).orElseThrow(),
                        plain.toPayload(17).orElseThrow(),
                        plain.toPayload(null).orElseThrow(),
                        Payload.getDefaultInstance());
    }

    /** What a pass of the reconciler found after a bad night is long. */
    @Test
    void whatTemporalTakesIsDecodedHoweverLargeItIs() throws IOException {
        var large = "x".repeat(2 << 20);

        assertThat(payloads(admin.post(DECODE, json(encrypting.toPayload(large).orElseThrow()))))
                .containsExactly(plain.toPayload(large).orElseThrow());
    }

    @Test
    void whatAFailureSaidIsDecodedToo() throws IOException {
        var failure = encrypting.exceptionToFailure(ApplicationFailure.newFailure(VALUE, "IMAGE_NOT_FOUND"));

        var answer = admin.post(DECODE, json(failure.getEncodedAttributes()));

        assertThat(payloads(answer))
                .singleElement()
                .satisfies(said -> assertThat(said.getData().toStringUtf8()).contains(VALUE, "stack_trace"));
    }

    /** The server has the key, and is not told to encrypt with it; the one in the end-to-end tests is. */
    @Test
    void whatIsToBeEncodedIsAnsweredAsItIsWhereNothingIsEncrypted() throws IOException {
        var value = plain.toPayload(VALUE).orElseThrow();

        assertThat(payloads(admin.post("/api/v1/codec/encode", json(value)))).containsExactly(value);
        assertThat(payloads(nobody.post(path(admin) + "/encode", json(value)))).containsExactly(value);
    }

    @Test
    void whatDoesNotOpenIsNamedAndSaysWhatToDo() throws IOException {
        var another = Files.writeString(
                folder.resolve("another.key"),
                Base64.getEncoder().encodeToString("2".repeat(32).getBytes()));
        var foreign = TemporalConnections.payloads(new Encryption(true, another))
                .toPayload(VALUE)
                .orElseThrow();
        var changed = encrypting.toPayload(VALUE).orElseThrow().toBuilder();
        changed.setData(changed.getData().substring(1));

        assertProblem(
                admin.post(DECODE, json(plain.toPayload(1).orElseThrow(), foreign)),
                "payload_does_not_open",
                "payloads[1]",
                "remotegpu.temporal.encryption.key-file");
        assertProblem(
                admin.post(DECODE, json(changed.build())),
                "payload_does_not_open",
                "payloads[0]",
                "somebody changed it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                              | payloads
            {"payloads":null}                                               | payloads
            {"payloads":{}}                                                 | payloads
            {"payloads":[null]}                                             | payloads[0]
            {"payloads":["text"]}                                           | payloads[0]
            {"payloads":[{"data":"not Base64!"}]}                           | payloads[0].data
            {"payloads":[{"data":17}]}                                      | payloads[0].data
            {"payloads":[{},{"metadata":{"encoding":"json/plain;"}}]}       | payloads[1].metadata
            {"payloads":[{"metadata":{"encoding":null}}]}                   | payloads[0].metadata
            {"payloads":[{"metadata":{"encoding":17}}]}                     | payloads[0].metadata.encoding
            {"payloads":[{"metadata":[]}]}                                  | payloads[0].metadata
            """)
    void whatIsNotOfTemporalsShapeIsRefused(String body, String field) {
        assertProblem(admin.post(DECODE, body), "validation_failed", field, "");
        assertProblem(nobody.post(path(admin) + "/decode", body), "validation_failed", field, "");
    }

    /** JSON may come in UTF-16, too, where half a pair of surrogates is not found out as early as in UTF-8. */
    @Test
    void aNameThatIsNoTextIsRefusedInWhateverEncoding() {
        var body = "{\"payloads\":[{\"metadata\":{\"\\ud800\":\"\"}}]}";
        assertThat(admin.post(DECODE, body).code()).isEqualTo("malformed_json");
        var wide = admin.request(DECODE)
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_16BE))
                .setHeader("Content-Type", "application/json")
                .build();
        assertThat(Client.send(wide).status()).isIn(400, 422);
    }

    @Test
    void moreThanIsEverAskedForIsRefused() {
        var empty = String.join(",", Collections.nCopies(1001, "{}"));
        assertProblem(admin.post(DECODE, "{\"payloads\":[" + empty + "]}"), "validation_failed", "payloads", "1000");
    }

    @Test
    void aLinkDecodesAndOpensNothingElse() throws IOException {
        var made = admin.post(LINKS);
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        var link = URI.create(made.json().get("url").asString());
        assertThat(link.toString()).startsWith(nobody.base() + LINKS + "/");
        var token = link.getPath().substring(LINKS.length() + 1);
        var asked = json(encrypting.toPayload(VALUE).orElseThrow());

        // As Temporal's UI does it.
        var answer = nobody.post(
                link.getPath() + "/decode?preserveStorageRefs=true", asked, "Origin", TEMPORAL_UI, "X-Namespace", "x");

        assertThat(payloads(answer)).containsExactly(plain.toPayload(VALUE).orElseThrow());
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(TEMPORAL_UI);
        assertThat(nobody.as(token).post(DECODE, asked).status()).isEqualTo(401);
        assertThat(nobody.as(token).get("/api/v1/users/me").status()).isEqualTo(401);
        assertThat(nobody.post(LINKS + "/" + admin.token() + "/decode", asked).status())
                .isEqualTo(401);
        // Nor is a link that is no good mended by a token that is.
        var wrong = admin.post(LINKS + "/" + token.substring(1) + "/decode", asked);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.json().get("detail").asString()).contains("POST " + LINKS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logout", "password", "role", "status"})
    void aLinkEndsWithTheLoginThatMadeIt(String how) throws IOException {
        var maker = nobody.user("maker");
        var id = maker.get("/api/v1/users/me").json().get("id").asString();
        assertThat(admin.put("/api/v1/users/" + id + "/role", "{\"role\":\"admin\"}")
                        .status())
                .isEqualTo(200);
        var link = path(maker) + "/decode";
        var asked = json(encrypting.toPayload(VALUE).orElseThrow());
        assertThat(nobody.post(link, asked).status()).isEqualTo(200);

        var ended = switch (how) {
            case "logout" -> maker.post("/api/v1/users/logout");
            case "password" ->
                maker.put(
                        "/api/v1/users/me/password",
                        "{\"current_password\":\"secret-maker\",\"new_password\":\"another-secret\"}");
            case "role" -> admin.put("/api/v1/users/" + id + "/role", "{\"role\":\"user\"}");
            default -> admin.put("/api/v1/users/" + id + "/status", "{\"status\":\"inactive\"}");
        };

        assertThat(ended.status()).as(ended.toString()).isIn(200, 204);
        assertThat(nobody.post(link, asked).status()).isIn(401, 403);
    }

    @Test
    void aPersonalTokenReadsWithoutTheRightToChangeAnythingAndMakesNoLink() throws IOException {
        var made = admin.post("/api/v1/users/me/tokens", "{\"name\":\"cli\",\"scopes\":[\"read\",\"admin\"]}");
        var token = admin.as(made.json().get("token").asString());

        assertThat(payloads(token.post(DECODE, json(encrypting.toPayload(VALUE).orElseThrow()))))
                .containsExactly(plain.toPayload(VALUE).orElseThrow());
        var all = admin.post("/api/v1/users/me/tokens", "{\"name\":\"all\",\"scopes\":[\"read\",\"write\",\"admin\"]}");
        assertThat(admin.as(all.json().get("token").asString()).post(LINKS).code())
                .isEqualTo("login_required");
    }

    @Test
    void onlyTemporalsUiMayAskFromABrowserAndOnlyThis() throws IOException, InterruptedException {
        var link = path(admin) + "/decode?preserveStorageRefs=true";

        var allowed = preflight(link, TEMPORAL_UI);
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains(TEMPORAL_UI);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers")).contains("content-type, x-namespace");
        assertThat(preflight(link, "http://elsewhere.example").statusCode()).isEqualTo(403);
        assertThat(preflight(DECODE, TEMPORAL_UI).statusCode()).isEqualTo(403);
        assertThat(preflight(LINKS, TEMPORAL_UI).statusCode()).isEqualTo(403);
        assertThat(preflight("/api/v1/environments", TEMPORAL_UI).statusCode()).isEqualTo(403);
    }

    @Test
    void aLinkStandsInNoLogHoweverTheRequestEnds() throws IOException {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var log = (Logger) LoggerFactory.getLogger("io.remotegpu.api");
        var before = log.getLevel();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            var link = path(admin);
            var asked = json(encrypting.toPayload(VALUE).orElseThrow());
            var answers = List.of(
                    nobody.post(link + "/decode", asked),
                    nobody.post(link + "/decode", "{}"),
                    nobody.post(link + "/decode", "{", "Content-Type", "text/plain"),
                    nobody.post(link + "/decode", "{\"x\":\"" + "y".repeat(300_000)),
                    admin.post(link + "/download", asked),
                    admin.post(link + "x/decode", asked),
                    admin.get(link + "/decode"),
                    admin.delete(link));
            assertThat(answers).extracting(Answer::status).containsExactly(200, 422, 415, 400, 404, 401, 405, 404);

            eventually(() -> lines.list.size() > answers.size());
            var token = link.substring(LINKS.length() + 1);
            assertThat(List.copyOf(lines.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line ->
                            line.startsWith("POST /api/v1/codec/links/…/decode 200") && line.contains("by admin"))
                    .noneMatch(line -> line.contains(token.substring(0, 40)));
            assertThat(answers).noneMatch(answer -> answer.http().body().contains(token));
            assertThat(jdbc.sql("SELECT count(*) FROM audit_log a WHERE strpos(a::text, ?) > 0")
                            .param(token)
                            .query(Long.class)
                            .single())
                    .isZero();
        } finally {
            log.detachAppender(lines);
            log.setLevel(before);
        }
    }

    @Test
    void whoMadeALinkIsInTheAuditAndWhatIsDecodedIsNot() throws IOException {
        var link = path(admin);
        nobody.post(link + "/decode", json(encrypting.toPayload(VALUE).orElseThrow()));
        admin.post(DECODE, json(encrypting.toPayload(VALUE).orElseThrow()));
        nobody.user("ann").post(LINKS);

        eventually(() -> count("audit_log WHERE action LIKE '%codec%'") == 2);
        assertThat(jdbc.sql(
                                "SELECT actor || ' ' || action || ' ' || outcome FROM audit_log WHERE action LIKE '%codec%'")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder("admin POST " + LINKS + " 201", "ann POST " + LINKS + " 403");
    }

    private static HttpResponse<String> preflight(String path, String origin) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(Shared.SERVER.client().base() + path))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type,x-namespace");
        return Client.http().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String path(Client who) {
        return URI.create(who.post(LINKS).json().get("url").asString()).getPath();
    }

    private static void assertProblem(Answer answer, String code, String field, String words) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().get("errors").get(0).get("field").asString()).isEqualTo(field);
        assertThat(answer.json().get("detail").asString()).contains(words);
    }

    /** As Temporal's tools write it, by protobuf's own JSON. */
    private static String json(Payload... payloads) throws InvalidProtocolBufferException {
        return json(Payloads.newBuilder().addAllPayloads(List.of(payloads)).build());
    }

    private static String json(Payloads payloads) throws InvalidProtocolBufferException {
        return JsonFormat.printer().print(payloads);
    }

    private static List<Payload> payloads(Answer answer) throws InvalidProtocolBufferException {
        var read = Payloads.newBuilder();
        JsonFormat.parser().merge(answer.http().body(), read);
        return read.getPayloadsList();
    }
}
