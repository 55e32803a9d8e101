package io.remotegpu.drivers.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** The engine's API without a client library's view of it. */
final class EngineHttp {

    static InputStream get(String host, String path) throws IOException {
        try (var http = new ZerodepDockerHttpClient.Builder()
                        .dockerHost(URI.create(host))
                        .build();
                var response = http.execute(DockerHttpClient.Request.builder()
                        .method(DockerHttpClient.Request.Method.GET)
                        .path("/" + path)
                        .build())) {
            return new ByteArrayInputStream(response.getBody().readAllBytes());
        }
    }

    private EngineHttp() {}
}
