package io.remotegpu.api.web;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front: what users may name must not
 * run on an administrator's desk.
 */
public final class Csv {

    private static final String FORMULA = "=+-@\t\r";

    private final Writer out;

    public Csv(Writer out) {
        this.out = out;
    }

    /** One row; null is an empty cell. Numbers and times are written as they are. */
    public void row(List<? extends @Nullable Object> cells) throws IOException {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            var cell = cells.get(i);
            if (cell instanceof CharSequence text) {
                out.write(quoted(text.toString()));
            } else if (cell != null) {
                out.write(cell.toString());
            }
        }
        out.write("\r\n");
    }

    private static String quoted(String text) {
        var safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }
}
