package io.remotegpu.activities.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Whether the API answers, and is well by its own word. */
final class ApiExamination {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;

    static List<Diagnosis> of(URI api) {
        var found = new ArrayList<Diagnosis>();
        var health = api.resolve("/actuator/health");
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var before = Instant.now();
            var answer = client.send(
                    HttpRequest.newBuilder(health).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            found.add(
                    answer.statusCode() == OK
                            ? Diagnosis.fine("api", "answers on " + api)
                            : Diagnosis.finding(
                                    "api",
                                    health + " answers " + answer.statusCode() + ": " + answer.body(),
                                    "See logs/remotegpu.log for what it cannot reach."));
            answer.headers().firstValue("Date").ifPresent(date -> clock(before, date, found));
        } catch (IOException failure) {
            found.add(Diagnosis.unchecked(
                    "api", api + " does not answer: " + failure, "See ./remotegpu status and logs/remotegpu.log."));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            found.add(Diagnosis.unchecked("api", "interrupted", "Ask again."));
        }
        return found;
    }

    private static void clock(Instant before, String date, List<Diagnosis> found) {
        try {
            var theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            found.add(Clocks.compare("the API's", before, theirs, Instant.now()));
        } catch (DateTimeParseException none) {
            found.add(
                    Diagnosis.unchecked("clocks", "the API says no time: " + date, "Ask it without a proxy between."));
        }
    }

    private ApiExamination() {}
}
