package io.remotegpu.api.docs;

import io.remotegpu.api.web.Problem;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Adds to every operation the problems that it can answer with. */
final class ProblemResponses implements OpenApiCustomizer {

    private static final Map<String, String> ALWAYS = Map.of(
            "400", "A parameter, header or the address cannot be read",
            "404", "There is no such thing, or none of yours",
            "406", "Only JSON is answered",
            "413", "The body is too large",
            "429", "Too many requests, or wrong passwords; Retry-After says when to try again",
            "503", "A server behind this one does not answer");
    private static final Map<String, String> WITH_TOKEN =
            Map.of("401", "The token is missing, wrong, expired or revoked", "403", "The token may not do that");
    private static final Map<String, String> CHANGING = Map.of(
            "408", "The body did not come in time",
            "409", "Not possible as things stand",
            "415", "Only JSON is read",
            "422", "A field is wrong");
    private static final Set<PathItem.HttpMethod> READING = Set.of(PathItem.HttpMethod.GET, PathItem.HttpMethod.HEAD);

    @Override
    public void customise(OpenAPI api) {
        ModelConverters.getInstance(true)
                .readAll(Problem.class)
                .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
        api.getPaths()
                .forEach((path, item) ->
                        item.readOperationsMap().forEach((method, operation) -> complete(path, method, operation)));
    }

    private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
        ALWAYS.forEach((status, description) -> add(operation, status, description));
        if (!READING.contains(method)) {
            CHANGING.forEach((status, description) -> add(operation, status, description));
        }
        if (path.endsWith("/access")) {
            add(operation, "409", "Neither running nor coming up");
        }
        if (path.endsWith("/credentials")) {
            add(operation, "409", "Another agent has the host");
        }
        if (path.endsWith("/logs")) {
            add(operation, "409", "Its kind has no log that could be read");
        }
        if (path.endsWith("/heartbeat")
                || path.endsWith("/agent")
                || path.startsWith("/api/v1/hosts/{id}/environments/")) {
            operation.setSecurity(List.of(new SecurityRequirement().addList("host")));
        }
        // Registration can be closed, and a login can be wrong or inactive.
        WITH_TOKEN.forEach((status, description) -> add(operation, status, description));
        if (path.startsWith("/api/v1/environments")
                && !READING.contains(method)
                && method != PathItem.HttpMethod.PATCH
                && !path.endsWith("/extend")) {
            var done = operation.getResponses().remove("200");
            if (done != null) {
                done.setDescription("Admitted; Location says where to look");
                done.addHeaderObject("Location", new Header().schema(new Schema<String>().types(Set.of("string"))));
                operation.getResponses().addApiResponse("202", done);
            }
        }
        if (method == PathItem.HttpMethod.POST && (path.equals("/api/v1/hosts") || path.equals("/api/v1/gpus"))) {
            var made = operation.getResponses().remove("200");
            if (made != null) {
                operation.getResponses().addApiResponse("201", made.description("Registered"));
            }
        }
    }

    private static void add(Operation operation, String status, String description) {
        operation
                .getResponses()
                .addApiResponse(
                        status,
                        new ApiResponse()
                                .description(description)
                                .content(new Content()
                                        .addMediaType(
                                                "application/problem+json",
                                                new MediaType()
                                                        .schema(new Schema<>().$ref("#/components/schemas/Problem")))));
    }
}
