package io.remotegpu.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems, from controllers and from where there is no controller yet. */
@Component
public class Problems {

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    ResponseEntity<Object> answer(HttpServletRequest request, ProblemException problem) {
        return answer(request, problem, new HttpHeaders());
    }

    ResponseEntity<Object> answer(HttpServletRequest request, ProblemException problem, HttpHeaders headers) {
        AuditTrail.problem(request, problem.code());
        var all = new HttpHeaders();
        all.putAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        var retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            all.set(
                    HttpHeaders.RETRY_AFTER,
                    String.valueOf(Math.max(1, retryAfter.plusMillis(999).toSeconds())));
        }
        return ResponseEntity.status(problem.status()).headers(all).body(body(request, problem));
    }

    /** Answers a request that never reaches a controller. */
    public void write(HttpServletRequest request, HttpServletResponse response, ProblemException problem)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        BodyLimit.readOn(request);
        var answer = answer(request, problem);
        response.setStatus(problem.status().value());
        answer.getHeaders().forEach((name, values) -> response.setHeader(name, values.getFirst()));
        var bytes = json.writeValueAsBytes(answer.getBody());
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private static Problem body(HttpServletRequest request, ProblemException problem) {
        var detail = problem.getMessage() == null ? problem.code() : problem.getMessage();
        List<FieldError> errors = problem.errors();
        return Problem.of(problem.status(), problem.code(), detail, errors, RequestIds.of(request));
    }
}
