package io.remotegpu.api.codec;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.google.protobuf.ByteString;
import io.remotegpu.api.web.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import io.temporal.api.common.v1.Payload;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Temporal's {@code Payloads} in protobuf's JSON, which is what its UI and its command line send. */
@Schema(description = "Temporal's Payloads, in protobuf's JSON")
record Payloads(@NotNull @Size(max = 1000) List<@NotNull @Valid Item> payloads) {

    /**
     * What becomes of each.
     *
     * @param change is also given the payload's name in the request
     * @throws ProblemException when something is not Base64
     */
    Payloads map(BiFunction<String, Payload, Payload> change) {
        var changed = new ArrayList<Item>();
        for (int i = 0; i < payloads.size(); i++) {
            var name = "payloads[" + i + "]";
            changed.add(Item.of(change.apply(name, payloads.get(i).read(name))));
        }
        return new Payloads(changed);
    }

    /** One of them. What further fields Temporal's later versions have is not ours to read. */
    @Schema(name = "Payload", description = "One of Temporal's payloads; all values are Base64")
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Item(
            @Schema(example = "{\"encoding\": \"YmluYXJ5L2VuY3J5cHRlZA==\"}") @Nullable
            Map<String, String> metadata,

            @Nullable String data) {

        private static Item of(Payload payload) {
            var metadata = new TreeMap<String, String>();
            payload.getMetadataMap().forEach((name, value) -> metadata.put(name, encode(value)));
            return new Item(metadata, encode(payload.getData()));
        }

        private Payload read(String field) {
            var payload = Payload.newBuilder();
            if (metadata != null) {
                metadata.forEach((name, value) -> {
                    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                        throw ProblemException.invalid(field + ".metadata", "must not have half of a surrogate pair");
                    }
                    payload.putMetadata(name, decode(field + ".metadata", value));
                });
            }
            if (data != null) {
                payload.setData(decode(field + ".data", data));
            }
            return payload.build();
        }

        /** In either alphabet, with or without padding, as protobuf has it. */
        private static ByteString decode(String field, @Nullable String text) {
            if (text == null) {
                throw ProblemException.invalid(field, "must not have null in it: each value is Base64");
            }
            try {
                return ByteString.copyFrom(
                        Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/')));
            } catch (IllegalArgumentException notBase64) {
                throw ProblemException.invalid(
                        field, "must be Base64: send it as Temporal's API has it, as bytes in protobuf's JSON");
            }
        }

        private static String encode(ByteString bytes) {
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        }
    }
}
