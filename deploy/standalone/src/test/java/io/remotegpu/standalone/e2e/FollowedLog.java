package io.remotegpu.standalone.e2e;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.json.JsonMapper;

/** A log as its user follows it; each {@link #come} is another stream, which goes on behind the last event of the one before. */
final class FollowedLog implements AutoCloseable {

    private final Api user;
    private final UserEnvironment environment;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile String position = "";
    private volatile String end = "";
    private volatile Api.Stream stream;

    FollowedLog(Api user, UserEnvironment environment) {
        this.user = user;
        this.environment = environment;
        this.stream = open();
    }

    private Api.Stream open() {
        var headers = position.isEmpty() ? new String[0] : new String[] {"Last-Event-ID", position};
        var opened = user.stream(environment.path() + "/logs?tail=1000", headers);
        Thread.ofVirtual().start(() -> read(opened));
        return opened;
    }

    private void read(Api.Stream opened) {
        String name = "";
        String id = "";
        try {
            for (String line : (Iterable<String>) opened.lines()::iterator) {
                if (line.startsWith("id:")) {
                    id = line.substring(3).strip();
                } else if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("data:") && name.equals("end")) {
                    end = new JsonMapper()
                            .readTree(line.substring(5))
                            .path("status")
                            .asString("");
                } else if (line.startsWith("data:")) {
                    new JsonMapper()
                            .readTree(line.substring(5))
                            .path("lines")
                            .forEach(written -> lines.add(written.asString("")));
                    position = id;
                }
            }
        } catch (java.io.UncheckedIOException closed) {
            // by the test
        }
    }

    /** Waits for a line that has this in it. */
    FollowedLog awaitLine(String part) {
        Eventually.until(part + " in the log", () -> lines.stream().anyMatch(line -> line.contains(part)));
        return this;
    }

    /** Waits until the server has ended the stream, and says with which status. */
    String awaitEnd() {
        Eventually.until("the end of the log", () -> !end.isEmpty());
        return end;
    }

    /** Leaves, as when a network goes away. */
    void leave() {
        stream.close();
    }

    void comeBack() {
        end = "";
        stream = open();
    }

    /** Every line with this in it, in the order in which they came. */
    List<String> linesWith(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    @Override
    public void close() {
        stream.close();
    }
}
