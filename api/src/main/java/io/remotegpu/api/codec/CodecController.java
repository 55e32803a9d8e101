package io.remotegpu.api.codec;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.security.CodecLinks;
import io.remotegpu.api.web.FieldError;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Temporal's remote codec: what it keeps encrypted, an administrator reads in its UI and on its command line. */
@Tag(name = "operations")
@RestController
@EnableConfigurationProperties(TemporalSettings.class)
class CodecController {

    private static final String LINK = "What `POST /api/v1/codec/links` answers";

    private final PayloadCodec codec;
    private final CodecLinks links;

    CodecController(TemporalSettings settings, CodecLinks links) {
        this.codec = TemporalConnections.codec(settings.encryption());
        this.links = links;
    }

    @Schema(name = "CodecLink")
    record CodecLink(
            @Schema(
                    description = "The codec endpoint to give Temporal's UI: as good as a password",
                    example = "http://127.0.0.1:8080/api/v1/codec/links/eyJ…")
            String url,

            @Schema(description = "When it ends at the latest")
            Instant expiresAt) {

        @Override
        public String toString() {
            return "CodecLink[until " + expiresAt + "]";
        }
    }

    @Operation(
            summary = "Decode payloads",
            description = "Temporal's remote codec, for `temporal … --codec-endpoint <server>/api/v1/codec --codec-auth"
                    + " \"Bearer <token>\"`. For administrators; a personal token needs the scopes `read` and `admin`."
                    + " What is not encrypted is answered as it is.")
    @PostMapping(CodecLinks.CODEC + "/decode")
    Payloads decode(@Valid @RequestBody Payloads request) {
        return request.map(this::decoded);
    }

    @Operation(
            summary = "Encode payloads",
            description =
                    "What Temporal's command line asks for when it sends something, such as an operator's update, and"
                            + " has a codec. Without encryption they are answered as they are.")
    @PostMapping(CodecLinks.CODEC + "/encode")
    Payloads encode(@Valid @RequestBody Payloads request) {
        return request.map(this::encoded);
    }

    @Operation(
            summary = "Decode payloads, by a link",
            description =
                    "The same for Temporal's UI, which sends no token of ours. Pages may ask it from the origins of"
                            + " `remotegpu.web.codec-origins`.")
    @Parameter(name = "link", in = ParameterIn.PATH, description = LINK, schema = @Schema(type = "string"))
    @SecurityRequirements
    @PostMapping(CodecLinks.LINKS + "/{link}/decode")
    Payloads decodeByLink(@Valid @RequestBody Payloads request) {
        return request.map(this::decoded);
    }

    @Operation(summary = "Encode payloads, by a link")
    @Parameter(name = "link", in = ParameterIn.PATH, description = LINK, schema = @Schema(type = "string"))
    @SecurityRequirements
    @PostMapping(CodecLinks.LINKS + "/{link}/encode")
    Payloads encodeByLink(@Valid @RequestBody Payloads request) {
        return request.map(this::encoded);
    }

    @Operation(
            summary = "Make a link for the codec",
            description =
                    "An address for the codec endpoint in the settings of Temporal's UI. Whoever has it can decode"
                            + " and encode, and nothing else. It ends with the login it is made with: by logout, by a new password, or when"
                            + " that expires. Needs a login.")
    @PostMapping(CodecLinks.LINKS)
    @ResponseStatus(HttpStatus.CREATED)
    CodecLink link(@AuthenticationPrincipal Caller caller) {
        var login = caller.login();
        if (login == null) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "login_required",
                    "A personal token may not make links, which end with a login: log in first.");
        }
        var url = ServletUriComponentsBuilder.fromCurrentRequestUri()
                .pathSegment(links.of(caller.userId(), login, caller.issuedAt()))
                .toUriString();
        return new CodecLink(url, login.expiresAt());
    }

    /** One at a time, so that it can be said which does not open. */
    private Payload decoded(String field, Payload payload) {
        try {
            return codec.decode(List.of(payload)).getFirst();
        } catch (PayloadCodecException closed) {
            var why = String.valueOf(closed.getMessage());
            throw ProblemException.of(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "payload_does_not_open",
                    field + ": " + why,
                    List.of(new FieldError(field, why)));
        }
    }

    private Payload encoded(String field, Payload payload) {
        return codec.encode(List.of(payload)).getFirst();
    }
}
