package io.remotegpu.api.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a list is answered: a page of it as JSON, or all of it as a file. */
public enum ListFormat {
    JSON("application/json"),
    CSV("text/csv;charset=UTF-8"),
    NDJSON("application/x-ndjson");

    private final String mediaType;

    ListFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /**
     * The one that parameter {@code format} names; JSON where it names none.
     *
     * @param offered those that the route has
     * @throws ProblemException 400 when it names another
     */
    public static ListFormat parse(@Nullable String name, ListFormat... offered) {
        if (name == null) {
            return JSON;
        }
        var names = new StringBuilder();
        for (var format : offered) {
            if (format.wireName().equals(name)) {
                return format;
            }
            names.append(names.isEmpty() ? "" : ", ").append(format.wireName());
        }
        throw ProblemException.badParameter("format", "must be one of " + names);
    }

    private String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Begins an answer that is a file of that name, without its ending; whoever writes it flushes it. */
    public Writer begin(HttpServletResponse response, String name) throws IOException {
        response.setContentType(mediaType);
        response.setHeader("Content-Disposition", "attachment; filename=\"" + name + "." + wireName() + "\"");
        response.setHeader("Cache-Control", "no-store");
        return new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
    }
}
