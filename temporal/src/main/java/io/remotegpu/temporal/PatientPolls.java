package io.remotegpu.temporal;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.Objects;

/**
 * Workers ask for work as soon as there is a connection. Without this a poll fails at once while there is none, and the SDK
 * pauses before the next one, twice as long each time, up to a minute: a worker could stand idle for longer than Temporal
 * was away. All other calls fail at once, as before: somebody waits for their answer.
 */
final class PatientPolls implements ClientInterceptor {

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        var name = Objects.requireNonNull(method.getBareMethodName());
        return next.newCall(
                method, name.startsWith("Poll") && name.endsWith("TaskQueue") ? options.withWaitForReady() : options);
    }
}
