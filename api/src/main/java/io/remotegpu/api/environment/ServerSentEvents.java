package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.ProblemException;
import java.io.IOException;
import java.time.Duration;
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
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Answers that stay open: one virtual thread for each, and a limited number of them, in all and for each user. */
@Component
class ServerSentEvents {

    private static final Logger LOG = LoggerFactory.getLogger(ServerSentEvents.class);
    private static final int MOST_OF_USER = 10;
    private static final Duration LAST_WORK = Duration.ofSeconds(15);

    private final OperationsProperties settings;
    private final Semaphore free;
    private final PerUser ofUser = new PerUser(MOST_OF_USER);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ServerSentEvents(OperationsProperties settings) {
        this.settings = settings;
        this.free = new Semaphore(settings.maxStreams());
    }

    /** What a stream tells; the stream ends when it returns. */
    interface Story {

        void tell(Stream stream) throws IOException, InterruptedException;
    }

    /** An answer that is open. */
    record Stream(SseEmitter emitter, AtomicBoolean over, long endNanos) {

        /** Whether its reader is known to be gone. */
        boolean isOver() {
            return over.get();
        }

        /** Not positive once it has lived for as long as streams do. */
        Duration left() {
            return Duration.ofNanos(endNanos - System.nanoTime());
        }

        void send(SseEmitter.SseEventBuilder event) throws IOException {
            emitter.send(event);
        }

        void comment(String comment) throws IOException {
            emitter.send(SseEmitter.event().comment(comment));
        }
    }

    /** Before the web server stops, which would break off what is still open, with an error for each. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        threads.shutdownNow();
    }

    /** @param of what it is about, for the log */
    SseEmitter open(Caller caller, String of, Story story) {
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
        var end = System.nanoTime() + settings.streamLifetime().toNanos();
        threads.execute(() -> {
            try {
                story.tell(new Stream(emitter, over, end));
            } catch (IOException | IllegalStateException e) {
                LOG.debug("The reader of {} is gone", of);
            } catch (InterruptedException e) {
                LOG.debug("The server ends the stream of {}", of);
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("The stream of {} ends: {}", of, e.toString());
            } finally {
                free.release();
                ofUser.giveBack(caller.userId());
                // Whatever happened: nobody else would end it before its time is over.
                emitter.complete();
            }
        });
        return emitter;
    }
}
