package io.remotegpu.api.web;

import jakarta.servlet.http.HttpServletRequest;

/** Who makes a request, in words for logs: {@code "anonymous"} until the security filter knows better. */
public final class Actors {

    public static final String ANONYMOUS = "anonymous";
    private static final String ATTRIBUTE = Actors.class.getName();

    public static void set(HttpServletRequest request, String actor) {
        request.setAttribute(ATTRIBUTE, actor);
    }

    static String of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof String actor ? actor : ANONYMOUS;
    }

    private Actors() {}
}
