package io.remotegpu.api.environment;

import io.remotegpu.api.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** {@code Accept} where a route answers JSON, unless something else is asked for by name. */
final class AcceptHeader {

    /** Whether it names that type, rather than admitting it by a wildcard. */
    static boolean names(@Nullable String accept, MediaType type) {
        try {
            return accept != null
                    && MediaType.parseMediaTypes(accept).stream()
                            .anyMatch(named -> named.isConcrete() && named.equalsTypeAndSubtype(type));
        } catch (InvalidMediaTypeException e) {
            throw ProblemException.badParameter("Accept", "is not a list of media types");
        }
    }

    private AcceptHeader() {}
}
