package io.remotegpu.api.web;

import java.util.List;
import java.util.function.Function;

/** A whole list that is always short, in the form of a page. */
public record Items<T>(List<T> items, int total) {

    public static <A, T> Items<T> of(List<A> aggregates, Function<A, T> view) {
        return new Items<>(aggregates.stream().map(view).toList(), aggregates.size());
    }
}
