package io.remotegpu.temporal;

import io.remotegpu.temporal.TemporalSettings.Encryption;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.serviceclient.GrpcCompression;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.util.List;

/** Connects to Temporal as the settings say: every process, worker and tool does it by this. */
public final class TemporalConnections {

    /**
     * A connection that is made when it is needed, and made again by itself. The caller shuts it down.
     *
     * @throws TemporalSettingException when a setting is not usable
     */
    public static WorkflowServiceStubs open(TemporalSettings settings) {
        return WorkflowServiceStubs.newServiceStubs(options(settings).build());
    }

    /** What {@link #open} connects with, for those who have more to say. */
    public static WorkflowServiceStubsOptions.Builder options(TemporalSettings settings) {
        return WorkflowServiceStubsOptions.newBuilder()
                .setTarget(settings.address())
                // The SDK's default compresses each message of a few hundred bytes, which costs more time than it
                // saves.
                .setGrpcCompression(GrpcCompression.NONE);
    }

    /**
     * A client, from which workers take how payloads are written.
     *
     * @throws TemporalSettingException when a setting is not usable
     */
    public static WorkflowClient client(WorkflowServiceStubs connection, TemporalSettings settings) {
        return WorkflowClient.newInstance(
                connection,
                WorkflowClientOptions.newBuilder()
                        .setNamespace(settings.namespace())
                        .setDataConverter(payloads(settings.encryption()))
                        .build());
    }

    /**
     * How values become payloads, and payloads values.
     *
     * @throws TemporalSettingException when there should be a key, and is none
     */
    public static DataConverter payloads(Encryption settings) {
        var keys = PayloadKeys.of(settings);
        var writing = settings.enabled() ? keys.values().iterator().next() : null;
        // With what failures say and where, which else would stand there in plain words.
        return new CodecDataConverter(
                DefaultDataConverter.newDefaultInstance(),
                List.of(new EncryptingCodec(writing, keys)),
                settings.enabled());
    }

    private TemporalConnections() {}
}
