package io.remotegpu.api.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;

/** One page of a list. */
public record Page<T>(
        List<T> items,

        @Schema(description = "Which page this is, from 1", example = "1")
        int page,

        @Schema(description = "How many items a page has at most", example = "20")
        int pageSize,

        @Schema(description = "How many items there are on all pages", example = "57")
        long total) {

    public static <A, T> Page<T> of(List<A> aggregates, PageRequest request, long total, Function<A, T> view) {
        return new Page<>(aggregates.stream().map(view).toList(), request.page(), request.pageSize(), total);
    }

    /** The same of what Spring Data found. */
    public static <A, T> Page<T> of(
            org.springframework.data.domain.Page<A> found, PageRequest request, Function<A, T> view) {
        return of(found.getContent(), request, found.getTotalElements(), view);
    }
}
