package io.remotegpu.api.audit;

import io.remotegpu.api.web.Csv;
import io.remotegpu.api.web.ListFormat;
import io.remotegpu.db.audit.AuditFilter;
import io.remotegpu.db.audit.AuditLog;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * All entries that match, as a file. They are read part by part, each by a statement of its own: however many there are and
 * however slowly somebody reads them, this holds one part in memory, and no connection to the database in between.
 */
@Component
class AuditExport {

    private static final int PART = 500;

    private final AuditLog log;
    private final JsonMapper json;

    AuditExport(AuditLog log, JsonMapper json) {
        this.log = log;
        this.json = json;
    }

    void write(AuditFilter filter, ListFormat format, HttpServletResponse response) throws IOException {
        // Read before the answer begins: a database that is away is still answered with a problem.
        var part = log.before(filter, Long.MAX_VALUE, PART).stream()
                .map(AuditView::of)
                .toList();
        var out = format.begin(response, "audit");
        if (format == ListFormat.CSV) {
            new Csv(out).row(AuditView.COLUMNS);
        }
        while (!part.isEmpty()) {
            write(part, format, out);
            part = part.size() < PART
                    ? List.of()
                    : log.before(filter, part.getLast().id(), PART).stream()
                            .map(AuditView::of)
                            .toList();
        }
        out.flush();
    }

    private void write(List<AuditView> part, ListFormat format, Writer out) throws IOException {
        var csv = new Csv(out);
        for (var entry : part) {
            if (format == ListFormat.CSV) {
                csv.row(entry.cells());
            } else {
                out.write(json.writeValueAsString(entry));
                out.write('\n');
            }
        }
    }
}
