package io.remotegpu.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import jakarta.servlet.FilterChain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerMapping;

/** What a trace says of a request, and in whose trace it is. */
class TracedRequestsTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final List<SpanData> spans = new ArrayList<>();
    private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v1/environments/7");
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void aRequestIsNamedByItsRouteAndInTheTraceOfItsCaller() throws Exception {
        request.addHeader("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
        request.setQueryString("token=secret");
        var logged = new AtomicReference<String>();

        filter((asked, _) -> {
            asked.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/api/v1/environments/{id}");
            logged.set(MDC.get("trace_id"));
        });

        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("GET /api/v1/environments/{id}");
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
            assertThat(span.toString())
                    .contains("http.response.status_code=200")
                    .doesNotContain("secret");
        });
        assertThat(logged).hasValue(TRACE);
        assertThat(MDC.get("trace_id")).isNull();
    }

    @Test
    void aRequestWithoutAContextOfUseBeginsATrace() throws Exception {
        request.addHeader("traceparent", "00-nonsense");

        filter((_, _) -> response.setStatus(503));

        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("GET");
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            assertThat(span.getStatus()).isEqualTo(StatusData.error());
        });
    }

    @Test
    void whoeverLooksAtTheServerItselfIsNotTraced() throws Exception {
        request.setRequestURI("/actuator/health");

        filter((_, _) -> {});

        assertThat(spans).isEmpty();
    }

    private void filter(FilterChain chain) throws Exception {
        try (var telemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(new Kept()))
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build()) {
            new TracedRequests(telemetry).doFilter(request, response, chain);
        }
    }

    private final class Kept implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> more) {
            spans.addAll(more);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
