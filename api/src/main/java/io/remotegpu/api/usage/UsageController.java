package io.remotegpu.api.usage;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.Csv;
import io.remotegpu.api.web.ListFormat;
import io.remotegpu.api.web.Moments;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.usage.UsagePrices;
import io.remotegpu.db.usage.UsageQuery;
import io.remotegpu.db.usage.UsageReports;
import io.remotegpu.db.user.Users;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "operations")
@RestController
@RequestMapping("/api/v1/usage")
@EnableConfigurationProperties(PriceProperties.class)
class UsageController {

    /** In one file: they are made in memory, so that nobody who reads slowly keeps a connection to the database. */
    private static final int MOST_ROWS = 50_000;

    private final UsageReports reports;
    private final Users users;
    private final PriceProperties settings;
    private final Clock clock;

    UsageController(UsageReports reports, Users users, PriceProperties settings, Clock clock) {
        this.reports = reports;
        this.users = users;
        this.settings = settings;
        this.clock = clock;
    }

    /** A page of a report. */
    @Schema(name = "UsageReport")
    record ReportView(
            Instant from,

            @Schema(description = "Until when was counted: never after now")
            Instant to,

            @Schema(example = "[\"user\"]") List<String> groupBy,

            @Schema(description = "Null where the installation has no prices", example = "EUR") @Nullable
            String currency,

            List<UsageView> items,

            @Schema(description = "Which page this is, from 1", example = "1")
            int page,

            @Schema(description = "How many items a page has at most", example = "20")
            int pageSize,

            @Schema(description = "How many items there are on all pages", example = "57")
            long total,

            @Schema(description = "Of all pages") UsageView sum) {}

    @Operation(
            summary = "What was used",
            description =
                    "GPU-hours, core-hours, and GiB-hours of memory and storage: yours, or for administrators anybody's. Held is"
                            + " used: GPUs, cores and memory from the moment they were given to an environment until it gave them"
                            + " back, storage from its admission until its delete. What is still held counts until now."
                            + " With format=csv all rows, as a file.")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = ReportView.class)),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
            })
    @GetMapping
    @Nullable
    ResponseEntity<ReportView> usage(
            @AuthenticationPrincipal Caller caller,
            @Parameter(
                            description =
                                    "By what it is added up: one or more of these, of day and month one; by user where"
                                            + " nothing is said",
                            array =
                                    @ArraySchema(
                                            schema =
                                                    @Schema(
                                                            allowableValues = {
                                                                "user",
                                                                "host",
                                                                "model",
                                                                "environment",
                                                                "day",
                                                                "month"
                                                            })),
                            example = "user")
                    @RequestParam(name = "group_by", required = false)
                    @Size(max = 6)
                    @Nullable
                    List<String> groupBy,
            @Parameter(
                            description = "From when on; where nothing is said, the begin of the month in which to is",
                            example = Moments.EXAMPLE)
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(description = "Until when; now where nothing is said", example = "2026-12-01T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String to,
            @Parameter(description = "Whose (admin); everybody's where nothing is said, of others their own")
                    @RequestParam(name = "user_id", required = false)
                    @Nullable
                    Long userId,
            @Parameter(schema = @Schema(allowableValues = {"json", "csv"})) @RequestParam(required = false) @Nullable
                    String format,
            PageRequest page,
            HttpServletResponse response)
            throws IOException {
        var wanted = ListFormat.parse(format, ListFormat.JSON, ListFormat.CSV);
        var query = query(Moments.parse("from", from), Moments.parse("to", to), whose(caller, userId), groupBy);
        // Without a currency nothing costs anything, and nothing is multiplied.
        var priced = settings.currency() == null ? null : settings.prices();
        var prices = priced == null ? UsagePrices.NONE : priced;
        if (wanted == ListFormat.CSV) {
            write(reports.report(query, prices, 0, MOST_ROWS), priced, response);
            return null;
        }
        var report = reports.report(query, prices, page.offset(), page.pageSize());
        return ResponseEntity.ok(new ReportView(
                report.from(),
                report.to(),
                query.by().stream()
                        .sorted()
                        .map(dimension -> dimension.wireName())
                        .toList(),
                settings.currency(),
                report.rows().stream().map(row -> UsageView.of(row, priced)).toList(),
                page.page(),
                page.pageSize(),
                report.total(),
                UsageView.of(report.sum(), priced)));
    }

    /** Whose usage the caller gets to see; null is everybody's. */
    private @Nullable Long whose(Caller caller, @Nullable Long userId) {
        if (userId != null && userId == caller.userId()) {
            return userId;
        }
        if (!caller.admin()) {
            if (userId != null) {
                throw ProblemException.of(HttpStatus.FORBIDDEN, "forbidden", "Only admins see what other users used.");
            }
            return caller.userId();
        }
        if (userId != null && users.findById(userId).isEmpty()) {
            throw ProblemException.notFound("user", userId);
        }
        return userId;
    }

    private UsageQuery query(
            @Nullable Instant from, @Nullable Instant to, @Nullable Long userId, @Nullable List<String> groupBy) {
        var now = clock.instant();
        var end = to == null ? now : to;
        var begin = from == null
                ? end.minusNanos(1)
                        .atZone(ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.DAYS)
                        .withDayOfMonth(1)
                        .toInstant()
                : from;
        Moments.checkOrder(begin, end);
        var query = new UsageQuery(begin, end, userId, Grouping.parse(groupBy));
        if (query.hasTooManyPeriods()) {
            throw ProblemException.badParameter(
                    "group_by",
                    "day is for at most " + UsageQuery.MOST_PERIODS + " days: ask for less time, or by month");
        }
        return query;
    }

    private static void write(UsageReports.Report report, @Nullable UsagePrices prices, HttpServletResponse response)
            throws IOException {
        if (report.total() > MOST_ROWS) {
            throw ProblemException.badParameter(
                    "group_by",
                    "this would be " + report.total() + " rows, and a file has at most " + MOST_ROWS
                            + ": ask for less time, or by less");
        }
        var out = ListFormat.CSV.begin(response, "usage");
        var csv = new Csv(out);
        csv.row(UsageView.COLUMNS);
        for (var row : report.rows()) {
            csv.row(UsageView.of(row, prices).cells());
        }
        out.flush();
    }
}
