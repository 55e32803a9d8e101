package io.remotegpu.api.web;

import io.swagger.v3.oas.annotations.media.Schema;

/** One thing that is wrong with a request. */
@Schema(description = "One thing that is wrong with the request")
public record FieldError(
        @Schema(description = "Which field, parameter or header, as the request spells it", example = "memory")
        String field,

        @Schema(description = "What is wrong, and what to do", example = "must be at least 64Mi")
        String message) {}
