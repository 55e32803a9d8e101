package io.remotegpu.api.docs;

import io.remotegpu.api.web.PageRequest;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** OpenAPI 3.1 at {@code /api/openapi.json} and {@code /api/openapi.yaml}, shown at {@code /docs}. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration implements WebMvcConfigurer {

    static {
        DocumentedTypes.register();
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addRedirectViewController("/", "/docs");
        registry.addViewController("/api/openapi.json").setViewName("forward:/v3/api-docs");
        registry.addViewController("/api/openapi.yaml").setViewName("forward:/v3/api-docs.yaml");
    }

    @Bean
    RecordModels recordModels(ObjectMapperProvider mappers) {
        return new RecordModels(mappers.jsonMapper());
    }

    @Bean
    OpenAPI remoteGpu() {
        return new OpenAPI()
                .info(new Info()
                        .title("RemoteGPU")
                        .version("v1")
                        .description(
                                "GPU environments on Docker, Kubernetes and virtual machines. Errors are problem details "
                                        + "(RFC 9457) with a stable `code`. Sizes are bytes in answers; requests may also say "
                                        + "`\"16Gi\"`. Times are RFC 3339 in UTC."))
                .servers(List.of(new Server().url("/")))
                .tags(Stream.of("users", "hosts", "gpus", "environments", "quotas", "operations")
                        .map(name -> new Tag().name(name))
                        .toList())
                .components(new Components()
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("A login's token, or a personal token (rgpu_…)"))
                        .addSecuritySchemes(
                                "host",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("A host's own token (rgph_…)")))
                .addSecurityItem(new SecurityRequirement().addList("bearer"));
    }

    @Bean
    OperationCustomizer pages() {
        return (operation, handler) -> {
            for (var parameter : handler.getMethodParameters()) {
                if (parameter.getParameterType() == PageRequest.class) {
                    operation.addParametersItem(number("page", "Which page, from 1", 1, PageRequest.MAX_PAGE));
                    operation.addParametersItem(number(
                            "page_size", "How many items a page has", PageRequest.DEFAULT_SIZE, PageRequest.MAX_SIZE));
                }
            }
            return operation;
        };
    }

    @Bean
    OpenApiCustomizer problemResponses() {
        return new ProblemResponses();
    }

    private static Parameter number(String name, String description, int otherwise, int most) {
        Schema<?> schema = new IntegerSchema();
        schema.setTypes(Set.of("integer"));
        schema.setMinimum(BigDecimal.ONE);
        schema.setMaximum(BigDecimal.valueOf(most));
        schema.setDefault(otherwise);
        return new Parameter().in("query").name(name).description(description).schema(schema);
    }
}
