package io.remotegpu.api.web;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * A span for each request of the API, in the caller's trace where it has one ({@code traceparent}), with the names of
 * OpenTelemetry's conventions. The trace's id is in the log lines of the request. Like the log it has no query, no body and
 * no headers, because those may carry secrets.
 */
final class TracedRequests extends OncePerRequestFilter {

    private static final String MDC_KEY = "trace_id";
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final int SERVER_ERROR = 500;

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    TracedRequests(OpenTelemetry telemetry) {
        tracer = telemetry.getTracer("io.remotegpu.api");
        propagator = telemetry.getPropagators().getTextMapPropagator();
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/api/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var span = tracer.spanBuilder(request.getMethod())
                .setParent(propagator.extract(Context.current(), request, Headers.INSTANCE))
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(METHOD, request.getMethod())
                .startSpan();
        MDC.put(MDC_KEY, span.getSpanContext().getTraceId());
        try (var _ = span.makeCurrent()) {
            chain.doFilter(request, response);
        } finally {
            describe(span, request, response);
            span.end();
            MDC.remove(MDC_KEY);
        }
    }

    private static void describe(Span span, HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String route) {
            span.updateName(request.getMethod() + " " + route).setAttribute(ROUTE, route);
        }
        span.setAttribute(STATUS, (long) response.getStatus());
        if (response.getStatus() >= SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    private enum Headers implements TextMapGetter<HttpServletRequest> {
        INSTANCE;

        @Override
        public Iterable<String> keys(HttpServletRequest request) {
            return Collections.list(request.getHeaderNames());
        }

        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String key) {
            return request == null ? null : request.getHeader(key);
        }
    }
}
