package io.remotegpu.temporal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.remotegpu.temporal.TemporalSettings.Encryption;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts payloads as they leave this process, where that is wanted, and decrypts those that are, always: so histories
 * from before the setting was changed can be read after it, and a process without the key says so.
 *
 * <p>The metadata are those of Temporal's own examples: {@code encoding} is {@value #ENCODING}, {@code encryption-key-id}
 * names the key.
 */
final class EncryptingCodec implements PayloadCodec {

    static final String ENCODING = "binary/encrypted";
    static final String KEY_ID = "encryption-key-id";

    private static final String ENCODING_NAME = "encoding";
    private static final ByteString ENCRYPTED = ByteString.copyFromUtf8(ENCODING);

    private final @Nullable PayloadKey writing;
    private final Map<String, PayloadKey> keys;

    /**
     * @param writing encrypts; absent where nothing is to be
     * @param keys those that decrypt, by their ids
     */
    EncryptingCodec(@Nullable PayloadKey writing, Map<String, PayloadKey> keys) {
        this.writing = writing;
        this.keys = Map.copyOf(keys);
    }

    @Override
    public List<Payload> encode(List<Payload> payloads) {
        var key = writing;
        return key == null
                ? payloads
                : payloads.stream().map(payload -> encrypt(payload, key)).toList();
    }

    /** @throws PayloadCodecException when one was encrypted with another key than ours, or was changed */
    @Override
    public List<Payload> decode(List<Payload> payloads) {
        return payloads.stream().anyMatch(EncryptingCodec::isEncrypted)
                ? payloads.stream().map(this::plain).toList()
                : payloads;
    }

    private static Payload encrypt(Payload payload, PayloadKey key) {
        return Payload.newBuilder()
                .putMetadata(ENCODING_NAME, ENCRYPTED)
                .putMetadata(KEY_ID, ByteString.copyFromUtf8(key.id()))
                .setData(ByteString.copyFrom(key.encrypt(payload.toByteArray())))
                .build();
    }

    private Payload plain(Payload payload) {
        if (!isEncrypted(payload)) {
            return payload;
        }
        var id = payload.getMetadataOrDefault(KEY_ID, ByteString.EMPTY).toStringUtf8();
        var key = keys.get(id);
        if (key == null) {
            throw new PayloadCodecException("what Temporal keeps here is encrypted with the key '" + id
                    + "', which this process lacks (it has "
                    + (keys.isEmpty() ? "none" : String.join(", ", keys.keySet()))
                    + "): add that key to the file that " + Encryption.KEY_FILE + " names, and start it again");
        }
        try {
            return Payload.parseFrom(key.decrypt(payload.getData().toByteArray()));
        } catch (GeneralSecurityException | InvalidProtocolBufferException changed) {
            throw new PayloadCodecException(
                    "what Temporal keeps here names the key '" + id
                            + "' but does not open with it: somebody changed it there",
                    changed);
        }
    }

    private static boolean isEncrypted(Payload payload) {
        return ENCRYPTED.equals(payload.getMetadataOrDefault(ENCODING_NAME, ByteString.EMPTY));
    }
}
