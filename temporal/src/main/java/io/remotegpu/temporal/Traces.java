package io.remotegpu.temporal;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.opentracingshim.OpenTracingShim;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.temporal.client.WorkflowClientPlugin;
import io.temporal.common.SimplePlugin;
import io.temporal.opentracing.OpenTracingClientInterceptor;
import io.temporal.opentracing.OpenTracingOptions;
import io.temporal.opentracing.OpenTracingWorkerInterceptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One process's part of the traces: from a request to the workflow that it begins, and to the steps of that, wherever they
 * run. Exists only where traces are wanted. A receiver that is away costs the traces of that time, and nothing else.
 */
public final class Traces implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration TOGETHER = Duration.ofSeconds(1);
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");

    private final OpenTelemetrySdk telemetry;

    /**
     * @param service what the process is called in the traces
     * @throws TemporalSettingException when the endpoint is no URL of HTTP
     */
    public Traces(TracingSettings settings, String service) {
        var exporter = exporter(settings);
        telemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setResource(Resource.getDefault().merge(Resource.create(Attributes.of(SERVICE, service))))
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio())))
                        .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                                .setScheduleDelay(TOGETHER)
                                .setExporterTimeout(PATIENCE)
                                .build())
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    private static SpanExporter exporter(TracingSettings settings) {
        try {
            return OtlpHttpSpanExporter.builder()
                    .setEndpoint(settings.endpoint().toString())
                    .setTimeout(PATIENCE)
                    .build();
        } catch (IllegalArgumentException unusable) {
            throw new TemporalSettingException(
                    "remotegpu.tracing.endpoint wants a URL such as http://127.0.0.1:4318/v1/traces; it got "
                            + settings.endpoint(),
                    unusable);
        }
    }

    /** For what is not Temporal's. */
    public OpenTelemetry telemetry() {
        return telemetry;
    }

    /**
     * Traces a client's calls, and what its workers do with them. Temporal's own interceptors know when a workflow is
     * replayed; they speak OpenTracing, which OpenTelemetry takes.
     */
    WorkflowClientPlugin plugin() {
        var options = OpenTracingOptions.newBuilder()
                .setTracer(OpenTracingShim.createTracerShim(telemetry))
                .build();
        return SimplePlugin.newBuilder("traces")
                .addClientInterceptors(new OpenTracingClientInterceptor(options))
                .addWorkerInterceptors(new OpenTracingWorkerInterceptor(options))
                .build();
    }

    /** Sends what is not sent yet, for a moment. */
    @Override
    public void close() {
        telemetry.getSdkTracerProvider().shutdown().join(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
