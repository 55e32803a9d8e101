package io.remotegpu.api.web;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** Who makes a request, in words for logs: {@code "anonymous"} until the security filter knows better. */
public final class Actors {

    public static final String ANONYMOUS = "anonymous";
    private static final String ATTRIBUTE = Actors.class.getName();
    private static final String SUBJECT = ATTRIBUTE + ".subject";

    public static void set(HttpServletRequest request, String actor) {
        request.setAttribute(ATTRIBUTE, actor);
    }

    /**
     * The same of a user.
     *
     * @param subject what the audit calls that user: {@code "user/12"}
     */
    public static void set(HttpServletRequest request, String actor, String subject) {
        set(request, actor);
        request.setAttribute(SUBJECT, subject);
    }

    /** What the audit calls the caller, or null where it is nobody. */
    static @Nullable String subject(HttpServletRequest request) {
        return (String) request.getAttribute(SUBJECT);
    }

    static String of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof String actor ? actor : ANONYMOUS;
    }

    private Actors() {}
}
