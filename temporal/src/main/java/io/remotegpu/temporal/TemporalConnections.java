package io.remotegpu.temporal;

import io.grpc.StatusRuntimeException;
import io.remotegpu.temporal.TemporalSettings.Encryption;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import io.temporal.serviceclient.GrpcCompression;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to Temporal as the settings say: every process, worker and tool does it by this. */
public final class TemporalConnections {

    private static final long PATIENCE_SECONDS = 5;

    /** While Temporal is away it is tried at least so often whether it is back. */
    private static final Duration ANEW = Duration.ofSeconds(2);

    /**
     * A connection that is made when it is needed, and made again by itself. The caller shuts it down.
     *
     * @throws TemporalSettingException when a setting is not usable
     */
    public static WorkflowServiceStubs open(TemporalSettings settings) {
        return WorkflowServiceStubs.newServiceStubs(options(settings).build());
    }

    /**
     * What {@link #open} connects with, for those who have more to say.
     *
     * @throws TemporalSettingException when a setting is not usable
     */
    public static WorkflowServiceStubsOptions.Builder options(TemporalSettings settings) {
        var options = WorkflowServiceStubsOptions.newBuilder()
                .setTarget(settings.address())
                // The SDK's default compresses each message of a few hundred bytes, which costs more time than it
                // saves.
                .setGrpcCompression(GrpcCompression.NONE)
                // Its default tries less and less often, in the end every 10 s.
                .setConnectionBackoffResetFrequency(ANEW)
                .setGrpcClientInterceptors(List.of(new PatientPolls()));
        settings.tls().check();
        if (settings.tls().enabled()) {
            options.setSslContext(TlsContext.of(settings.tls()));
            var name = settings.tls().serverName();
            if (name != null) {
                options.setChannelInitializer(channel -> channel.overrideAuthority(name));
            }
        }
        return options;
    }

    /**
     * Asks once. That Temporal is away is no failure: it may come.
     *
     * @throws TemporalSettingException when TLS forbids the connection, which stays so until somebody does something
     */
    public static void check(WorkflowServiceStubs connection, TemporalSettings settings) {
        try {
            connection
                    .blockingStub()
                    .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
        } catch (StatusRuntimeException failure) {
            refusal(failure, settings).ifPresent(words -> {
                throw new TemporalSettingException(words, failure);
            });
        }
    }

    /** What to do about a call that TLS forbade; empty for what failed otherwise. */
    public static Optional<String> refusal(StatusRuntimeException failure, TemporalSettings settings) {
        return TlsRefusal.of(failure, settings);
    }

    /**
     * A client, from which workers take how payloads are written.
     *
     * @throws TemporalSettingException when a setting is not usable
     */
    public static WorkflowClient client(WorkflowServiceStubs connection, TemporalSettings settings) {
        return client(connection, settings, null);
    }

    /**
     * The same, whose calls, and whose workers' work, are traced.
     *
     * @param traces absent where there are none
     */
    public static WorkflowClient client(
            WorkflowServiceStubs connection, TemporalSettings settings, @Nullable Traces traces) {
        var options = WorkflowClientOptions.newBuilder()
                .setNamespace(settings.namespace())
                .setDataConverter(payloads(settings.encryption()));
        if (traces != null) {
            options.setPlugins(traces.plugin());
        }
        return WorkflowClient.newInstance(connection, options.build());
    }

    /**
     * How values become payloads, and payloads values.
     *
     * @throws TemporalSettingException when there should be a key, and is none
     */
    public static DataConverter payloads(Encryption settings) {
        // With what failures say and where, which else would stand there in plain words.
        return new CodecDataConverter(
                DefaultDataConverter.newDefaultInstance(), List.of(codec(settings)), settings.enabled());
    }

    /**
     * How payloads are encrypted and decrypted. Those that are not encrypted it decodes to what they are; one that does not
     * open, for want of its key or because it was changed, is a {@link PayloadCodecException}, whose message says so.
     *
     * @throws TemporalSettingException when there should be a key, and is none
     */
    public static PayloadCodec codec(Encryption settings) {
        var keys = PayloadKeys.of(settings);
        return new EncryptingCodec(settings.enabled() ? keys.values().iterator().next() : null, keys);
    }

    private TemporalConnections() {}
}
