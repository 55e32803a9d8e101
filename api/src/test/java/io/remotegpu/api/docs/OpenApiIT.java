package io.remotegpu.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

class OpenApiIT extends ApiTest {

    @Test
    void everyRouteIsDescribedWithItsProblems() {
        var document = nobody.get("/api/openapi.json");
        assertThat(document.status()).as(document.toString()).isEqualTo(200);
        assertThat(document.json().get("openapi").asString()).startsWith("3.1");
        var described = new TreeSet<String>();
        var incomplete = new ArrayList<String>();
        document.json()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    var route = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
                    described.add(route);
                    var responses = operation.getValue().get("responses");
                    if (!responses.has("400")
                            || !responses.has("503")
                            || !responses.has("401")
                            || operation.getValue().path("summary").asString("").isEmpty()) {
                        incomplete.add(route);
                    }
                }));
        var served = new TreeSet<String>();
        Shared.SERVER
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(route -> route.getPatternValues().stream()
                        .filter(pattern -> pattern.startsWith("/api/v1"))
                        .forEach(pattern -> route.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method + " " + pattern))));
        assertThat(described).containsExactlyElementsOf(served);
        assertThat(incomplete).isEmpty();
    }

    @Test
    void everyParameterSaysWhatItIs() {
        var parameters = nobody.get("/api/openapi.json").json().findValues("parameters").stream()
                .flatMap(JsonNode::valueStream)
                .toList();
        assertThat(parameters)
                .isNotEmpty()
                .allSatisfy(parameter -> assertThat(
                                parameter.path("schema").path("type").isMissingNode()
                                        && parameter.path("schema").path("$ref").isMissingNode())
                        .as(parameter.toString())
                        .isFalse());
    }

    @Test
    void everySchemaThatIsReferredToIsThere() {
        var document = nobody.get("/api/openapi.json");
        var schemas = document.json().get("components").get("schemas").propertyNames();
        var referred = Pattern.compile("#/components/schemas/([^\"]+)\"")
                .matcher(document.http().body())
                .results()
                .map(reference -> reference.group(1))
                .distinct()
                .toList();

        assertThat(referred).isNotEmpty();
        assertThat(schemas).containsAll(referred);
    }

    @Test
    void fieldsAreDescribedAsOnTheWire() {
        var schemas = nobody.get("/api/openapi.json").json().get("components").get("schemas");
        var request = schemas.get("NewEnvironment").get("properties");
        assertThat(request.propertyNames()).contains("environment_type", "gpu_memory_min", "wait", "idle_timeout");
        assertThat(request.get("environment_type").get("enum").valueStream().map(value -> value.asString()))
                .containsExactly("ide", "terminal", "desktop", "training");
        assertThat(request.get("environment_type").get("type").asString()).isEqualTo("string");
        assertThat(request.get("memory")
                        .get("oneOf")
                        .valueStream()
                        .map(size -> size.get("type").asString()))
                .containsExactly("integer", "string");
        assertThat(request.get("wait").get("type").valueStream().map(type -> type.asString()))
                .contains("null");
        assertThat(schemas.get("Problem").get("properties").propertyNames()).contains("code", "errors", "request_id");
        assertThat(schemas.get("Gpu")
                        .get("properties")
                        .get("allocated_to")
                        .get("type")
                        .valueStream()
                        .map(type -> type.asString()))
                .containsExactlyInAnyOrder("string", "null");
        assertThat(schemas.toString()).doesNotContain("environmentType", "\"Caller\"");
    }

    @Test
    void thereIsAPageAndYaml() {
        assertThat(nobody.get("/").status()).isEqualTo(302);
        assertThat(nobody.get("/docs").status()).isIn(200, 302);
        assertThat(nobody.get("/swagger-ui/index.html").http().body()).contains("swagger-ui");
        assertThat(nobody.get("/api/openapi.yaml").http().body()).contains("openapi: 3.1");
        assertThat(nobody.get("/v3/api-docs").status()).isEqualTo(200);
    }
}
