package io.remotegpu.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/** Which route a request is for, and what that is about; also when it was refused before any route was asked. */
@Component
class AuditedRoutes {

    private static final String API = "/api/v1/";
    private static final int LONGEST_ID = 200;

    // Asked for late: the mapping is made of the controllers, and filters are there before those.
    private final ObjectProvider<RequestMappingHandlerMapping> mappings;

    AuditedRoutes(@Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    /**
     * A route, and what its variables are in a request.
     *
     * @param pattern {@code "/api/v1/hosts/{id}"}
     */
    record Route(String pattern, Map<String, String> variables) {

        /**
         * What it is about, as {@code <type>/<id>} or the type alone, by the way our routes are made: a thing's id follows its
         * kind's name.
         *
         * @param self the caller, whom routes without an id are about that are theirs
         */
        @Nullable
        String subject(@Nullable String self) {
            if (!pattern.startsWith(API)) {
                return null;
            }
            var parts = new ArrayList<>(List.of(pattern.substring(API.length()).split("/")));
            for (int i = parts.size() - 1; i > 0; i--) {
                var part = parts.get(i);
                if (part.startsWith("{")) {
                    var id = variables.getOrDefault(part.substring(1, part.length() - 1), "");
                    return singular(parts.get(i - 1)) + "/" + fit(id);
                }
            }
            var mine = pattern.startsWith(API + "users/me") || pattern.equals(API + "users/logout");
            return mine && self != null ? self : singular(parts.getFirst());
        }

        private static String singular(String kind) {
            return kind.endsWith("s") ? kind.substring(0, kind.length() - 1) : kind;
        }

        private static String fit(String id) {
            var clean = id.replaceAll("\\p{Cntrl}", "?");
            return clean.length() > LONGEST_ID ? clean.substring(0, LONGEST_ID) : clean;
        }
    }

    /** The route whose controller was asked. */
    @SuppressWarnings("unchecked")
    static Optional<Route> handled(HttpServletRequest request) {
        if (!(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String pattern)) {
            return Optional.empty();
        }
        var variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        return Optional.of(new Route(
                pattern, variables instanceof Map<?, ?> map ? (Map<String, String>) map : Map.of()));
    }

    /** The route that the request would have had. */
    Optional<Route> find(HttpServletRequest request) {
        var mapping = mappings.getIfAvailable();
        if (mapping == null) {
            return Optional.empty();
        }
        try {
            var path = PathContainer.parsePath(request.getRequestURI());
            var method = RequestMethod.resolve(request.getMethod());
            return mapping.getHandlerMethods().keySet().stream()
                    .filter(route -> method != null
                            && route.getMethodsCondition().getMethods().contains(method)
                            && route.getPathPatternsCondition() != null)
                    .flatMap(route -> route.getPathPatternsCondition().getPatterns().stream())
                    .filter(pattern -> pattern.matches(path))
                    .min(PathPattern.SPECIFICITY_COMPARATOR)
                    .map(pattern -> new Route(pattern.getPatternString(), variables(pattern, path)));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Map<String, String> variables(PathPattern pattern, PathContainer path) {
        var matched = pattern.matchAndExtract(path);
        return matched == null ? Map.of() : matched.getUriVariables();
    }
}
