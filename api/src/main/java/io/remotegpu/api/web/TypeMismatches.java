package io.remotegpu.api.web;

import java.util.UUID;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** What a parameter should have been. */
final class TypeMismatches {

    static String message(MethodArgumentTypeMismatchException wrong) {
        var type = wrong.getRequiredType();
        if (type == UUID.class) {
            return "must be a UUID such as 3f2b8a52-7c0e-4c53-9d0a-0c8f5e2a7b11";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "must be a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        for (Throwable cause = wrong.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getCause() == null && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        return "is not valid";
    }

    private TypeMismatches() {}
}
