package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.async.ResultCallback;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the engine sends bit by bit. The library's own adapter also logs each failure that it then throws; this throws. */
abstract class EngineStream<T> extends ResultCallback.Adapter<T> {

    private volatile @Nullable Throwable failure;

    @Override
    public final void onError(Throwable thrown) {
        failure = thrown;
        onComplete();
    }

    /** Waits that long at most; whether all has come. Throws what the engine answered instead. */
    final boolean ended(Duration patience) throws InterruptedException {
        boolean ended = awaitCompletion(patience.toMillis(), TimeUnit.MILLISECONDS);
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
