package io.remotegpu.api.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A page of the audit; a type of its own, so that it has a name beside the files that the same route answers. */
@Schema(name = "AuditPage")
record AuditPage(
        List<AuditView> items,

        @Schema(description = "Which page this is, from 1", example = "1")
        int page,

        @Schema(description = "How many items a page has at most", example = "20")
        int pageSize,

        @Schema(description = "How many items there are on all pages", example = "57")
        long total) {}
