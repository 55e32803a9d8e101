package io.remotegpu.api.environment;

import io.remotegpu.api.security.Authorizations;
import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.EnvironmentEventRepository;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Server-sent events: one virtual thread for each stream, and a limited number of streams. A stream looks for rows when it
 * hears that there are some, and when it gives a sign of life, because it makes sure then that its reader may still read.
 */
@Component
class EventStreams {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int AT_ONCE = 200;
    private static final int MOST_OF_USER = 10;
    private static final Duration LAST_WORK = Duration.ofSeconds(15);

    private final EnvironmentEventRepository events;
    private final EnvironmentNews news;
    private final OwnEnvironments own;
    private final OperationsProperties settings;
    private final Authorizations authorizations;
    private final Semaphore free;
    private final PerUser ofUser = new PerUser(MOST_OF_USER);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    EventStreams(
            EnvironmentEventRepository events,
            EnvironmentNews news,
            OwnEnvironments own,
            OperationsProperties settings,
            Authorizations authorizations) {
        this.events = events;
        this.news = news;
        this.own = own;
        this.settings = settings;
        this.authorizations = authorizations;
        this.free = new Semaphore(settings.maxStreams());
    }

    /** Before the web server stops, which would break off what is still open, with an error for each. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        threads.shutdownNow();
    }

    /** A stream of what comes after an event; ends once the environment, or the token, is gone for the caller. */
    SseEmitter open(Caller caller, UUID id, long after) {
        if (!ofUser.tryTake(caller.userId())) {
            throw ProblemException.tryLater(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "too_many_streams",
                    "You have " + MOST_OF_USER + " event streams open: close one first.",
                    Duration.ofSeconds(10));
        }
        if (!free.tryAcquire()) {
            ofUser.giveBack(caller.userId());
            throw ProblemException.tryLater(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "too_many_streams",
                    "This server has no event stream left: ask again, or without 'Accept: text/event-stream'.",
                    Duration.ofSeconds(10));
        }
        var emitter = new SseEmitter(settings.streamLifetime().plus(LAST_WORK).toMillis());
        var over = new AtomicBoolean();
        emitter.onCompletion(() -> over.set(true));
        emitter.onTimeout(() -> over.set(true));
        emitter.onError(e -> over.set(true));
        threads.execute(() -> {
            // Listens before it looks: what is said in between is looked for once more.
            try (var interest = news.of(id)) {
                serve(emitter, over, interest, caller, id, after);
            } catch (IOException | IllegalStateException e) {
                LOG.debug("The reader of the events of {} is gone", id);
            } catch (InterruptedException e) {
                LOG.debug("The server ends the event stream of {}", id);
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("The event stream of {} ends: {}", id, e.toString());
            } finally {
                free.release();
                ofUser.giveBack(caller.userId());
                // Whatever happened: nobody else would end it before its time is over.
                emitter.complete();
            }
        });
        return emitter;
    }

    private void serve(
            SseEmitter emitter,
            AtomicBoolean over,
            EnvironmentNews.Interest interest,
            Caller caller,
            UUID id,
            long after)
            throws IOException, InterruptedException {
        var end = System.nanoTime() + settings.streamLifetime().toNanos();
        var last = after;
        emitter.send(SseEmitter.event().comment("events of " + id));
        while (!over.get()) {
            if (!authorizations.isStillGood(caller)) {
                return;
            }
            var gone = gone(caller, id);
            var some = events.after(id, last, AT_ONCE);
            for (var event : some) {
                emitter.send(SseEmitter.event()
                        .id(Long.toString(event.id()))
                        .name("step")
                        .data(EventsController.EventView.of(event), MediaType.APPLICATION_JSON));
                last = event.id();
            }
            if (some.size() == AT_ONCE) {
                continue;
            }
            var left = Duration.ofNanos(end - System.nanoTime());
            if (gone || !left.isPositive()) {
                return;
            }
            var silence = settings.streamAlive();
            if (!interest.await(silence.compareTo(left) < 0 ? silence : left)) {
                emitter.send(SseEmitter.event().comment("alive"));
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
