package io.remotegpu.api.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Requests that Tomcat refuses before any of our code runs (an address with illegal characters) get a problem too. */
@Component
class TomcatErrors implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addContextCustomizers(context -> {
            context.getParent().getPipeline().addValve(new ProblemValve());
            context.getParent().getPipeline().addValve(new SlowBodies());
        });
    }

    private static final class ProblemValve extends ErrorReportValve {

        @Override
        protected void report(Request request, Response response, @Nullable Throwable failure) {
            var code = response.getStatus();
            if (code < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            var status = HttpStatus.resolve(code);
            var problem = StatusProblems.of(status == null ? HttpStatus.BAD_REQUEST : status);
            var json = """
                    {"type":"urn:remotegpu:problem:%s","title":"%s","status":%d,"detail":"%s","code":"%s","errors":[]}""".formatted(
                    problem.code(), problem.status().getReasonPhrase(), code, problem.getMessage(), problem.code());
            var bytes = json.getBytes(StandardCharsets.UTF_8);
            try {
                response.setContentType("application/problem+json");
                response.setContentLength(bytes.length);
                response.getOutputStream().write(bytes);
                response.finishResponse();
            } catch (IOException e) {
                // The caller has hung up.
            }
        }
    }
}
