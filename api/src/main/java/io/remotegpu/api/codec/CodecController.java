package io.remotegpu.api.codec;

import io.remotegpu.api.codec.Payloads.Payload;
import io.remotegpu.api.security.Caller;
import io.remotegpu.api.security.CodecLinks;
import io.remotegpu.api.web.FieldError;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.ArrayList;
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
    @PostMapping(CodecLinks.DECODE)
    Payloads decode(@Valid @RequestBody Payloads request) {
        return decoded(request);
    }

    @Operation(
            summary = "Decode payloads, by a link",
            description =
                    "The same for Temporal's UI, which sends no token of ours. Pages may ask it from the origins of"
                            + " `remotegpu.web.codec-origins`.")
    @SecurityRequirements
    @PostMapping(CodecLinks.DECODE_BY_LINK)
    Payloads decodeByLink(@Valid @RequestBody Payloads request) {
        return decoded(request);
    }

    @Operation(
            summary = "Make a link for decoding",
            description =
                    "An address for the codec endpoint in the settings of Temporal's UI. Whoever has it can decode,"
                            + " and nothing else. It ends with the login it is made with: by logout, by a new password, or when"
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

    private Payloads decoded(Payloads request) {
        var decoded = new ArrayList<Payload>();
        for (int i = 0; i < request.payloads().size(); i++) {
            decoded.add(decoded("payloads[" + i + "]", request.payloads().get(i)));
        }
        return new Payloads(decoded);
    }

    /** One at a time, so that it can be said which does not open. */
    private Payload decoded(String field, Payload payload) {
        try {
            return Payload.of(codec.decode(List.of(payload.read(field))).getFirst());
        } catch (PayloadCodecException closed) {
            var why = String.valueOf(closed.getMessage());
            throw ProblemException.of(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "payload_does_not_open",
                    field + ": " + why,
                    List.of(new FieldError(field, why)));
        }
    }
}
