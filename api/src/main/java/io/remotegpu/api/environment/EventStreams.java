package io.remotegpu.api.environment;

import io.remotegpu.api.security.Authorizations;
import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.EnvironmentEventRepository;
import java.io.IOException;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams of events. A stream looks for rows when it hears that there are some, and when it gives a sign of life, because it
 * makes sure then that its reader may still read.
 */
@Component
class EventStreams {

    private static final int AT_ONCE = 200;

    private final EnvironmentEventRepository events;
    private final EnvironmentNews news;
    private final OwnEnvironments own;
    private final OperationsProperties settings;
    private final Authorizations authorizations;
    private final ServerSentEvents streams;

    EventStreams(
            EnvironmentEventRepository events,
            EnvironmentNews news,
            OwnEnvironments own,
            OperationsProperties settings,
            Authorizations authorizations,
            ServerSentEvents streams) {
        this.events = events;
        this.news = news;
        this.own = own;
        this.settings = settings;
        this.authorizations = authorizations;
        this.streams = streams;
    }

    /** A stream of what comes after an event; ends once the environment, or the token, is gone for the caller. */
    SseEmitter open(Caller caller, UUID id, long after) {
        return streams.open(caller, "the events of " + id, stream -> {
            // Listens before it looks: what is said in between is looked for once more.
            try (var interest = news.of(id)) {
                serve(stream, interest, caller, id, after);
            }
        });
    }

    private void serve(
            ServerSentEvents.Stream stream, EnvironmentNews.Interest interest, Caller caller, UUID id, long after)
            throws IOException, InterruptedException {
        var last = after;
        stream.comment("events of " + id);
        while (!stream.isOver()) {
            if (!authorizations.isStillGood(caller)) {
                return;
            }
            var gone = gone(caller, id);
            var some = events.after(id, last, AT_ONCE);
            for (var event : some) {
                stream.send(SseEmitter.event()
                        .id(Long.toString(event.id()))
                        .name("step")
                        .data(EventsController.EventView.of(event), MediaType.APPLICATION_JSON));
                last = event.id();
            }
            if (some.size() == AT_ONCE) {
                continue;
            }
            var left = stream.left();
            if (gone || !left.isPositive()) {
                return;
            }
            var silence = settings.streamAlive();
            if (!interest.await(silence.compareTo(left) < 0 ? silence : left)) {
                stream.comment("alive");
            }
        }
    }

    private boolean gone(Caller caller, UUID id) {
        try {
            own.visible(caller, id);
            return false;
        } catch (ProblemException notFound) {
            return true;
        }
    }
}
