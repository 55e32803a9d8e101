package io.remotegpu.standalone.e2e;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Takes traces by OTLP over HTTP. */
final class TraceReceiver implements AutoCloseable {

    /** @param service which process it is from */
    record Span(String service, String trace, String name) {}

    private final HttpServer server;
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();

    TraceReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = UnknownFieldSet.parseFrom(exchange.getRequestBody().readAllBytes());
            // Numbers of opentelemetry/proto/trace/v1/trace.proto and its neighbours.
            messages(request, 1).forEach(resource -> {
                var service = messages(resource, 1)
                        .flatMap(about -> messages(about, 1))
                        .filter(attribute -> text(attribute, 1).equals("service.name"))
                        .flatMap(attribute -> messages(attribute, 2))
                        .map(value -> text(value, 1))
                        .findFirst()
                        .orElse("");
                messages(resource, 2)
                        .flatMap(scope -> messages(scope, 2))
                        .forEach(span -> spans.add(new Span(
                                service, HexFormat.of().formatHex(bytes(span, 1).toByteArray()), text(span, 5))));
            });
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Stream<UnknownFieldSet> messages(UnknownFieldSet in, int field) {
        return in.getField(field).getLengthDelimitedList().stream().map(TraceReceiver::message);
    }

    private static UnknownFieldSet message(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(UnknownFieldSet in, int field) {
        return bytes(in, field).toStringUtf8();
    }

    private static ByteString bytes(UnknownFieldSet in, int field) {
        var all = in.getField(field).getLengthDelimitedList();
        return all.isEmpty() ? ByteString.EMPTY : all.getFirst();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
