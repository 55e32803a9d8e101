package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.async.ResultCallback;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the engine sends bit by bit. Waits by itself, because the library's adapter logs each failure that it then throws,
 * and closes the stream when one wait of several is over.
 */
abstract class EngineStream<T> extends ResultCallback.Adapter<T> {

    private final CountDownLatch completed = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    @Override
    public final void onError(Throwable thrown) {
        failure = thrown;
        onComplete();
    }

    @Override
    public final void onComplete() {
        super.onComplete();
        completed.countDown();
    }

    /** Waits that long at most; whether all has come. Throws what the engine answered instead. */
    final boolean ended(Duration patience) throws InterruptedException {
        boolean ended = completed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        Throwable thrown = failure;
        if (thrown instanceof RuntimeException known) {
            throw known;
        }
        if (thrown != null) {
            throw new IllegalStateException(thrown);
        }
        return ended;
    }
}
