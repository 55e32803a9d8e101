package io.remotegpu.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GpusAfterUseTest {

    private static final String GPU = "GPU-1";

    private final UUID id = UUID.randomUUID();
    private final Looks looks = new Looks();
    private final Kept kept = new Kept();

    @Test
    void aCleanGpuIsLeftAlone() {
        looks.then(Map.of());

        after(Duration.ofSeconds(10)).of(id, _ -> {});

        assertThat(looks.asked).containsExactly(List.of(GPU));
        assertThat(kept.errors).isEmpty();
    }

    @Test
    void aDriverMayTakeAWhileToTidyUp() {
        looks.then(Map.of(GPU, "busy")).then(Map.of(GPU, "busy")).then(Map.of());

        after(Duration.ofSeconds(10)).of(id, _ -> {});

        assertThat(looks.asked).hasSize(3);
        assertThat(kept.errors).isEmpty();
    }

    @Test
    void whatStaysDirtyIsInErrorWithTheReason() {
        looks.then(Map.of(GPU, "process 4711 still runs on it"));

        after(Duration.ofMillis(600)).of(id, _ -> {});

        assertThat(kept.errors).isEqualTo(Map.of(GPU, "process 4711 still runs on it"));
    }

    @Test
    void whoHoldsNoGpuCausesNoLook() {
        kept.held = List.of();

        after(Duration.ofSeconds(10)).of(id, _ -> {});

        assertThat(looks.asked).isEmpty();
    }

    private GpusAfterUse after(Duration patience) {
        return new GpusAfterUse("host-1", looks, kept, patience);
    }

    /** Sees one thing after another, and the last one for ever. */
    private static final class Looks implements GpuLook {

        private final Deque<Map<String, String>> seen = new ArrayDeque<>();
        private final List<Collection<String>> asked = new ArrayList<>();

        Looks then(Map<String, String> next) {
            seen.add(next);
            return this;
        }

        @Override
        public Map<String, String> notClean(Collection<String> gpus) {
            asked.add(gpus);
            return Objects.requireNonNull(seen.size() > 1 ? seen.poll() : seen.peek());
        }
    }

    private static final class Kept implements GpuKeeper {

        private List<String> held = List.of(GPU);
        private final Map<String, String> errors = new HashMap<>();

        @Override
        public List<String> heldBy(String hostId, UUID environmentId) {
            return held;
        }

        @Override
        public void putInError(String hostId, Map<String, String> reasons) {
            errors.putAll(reasons);
        }
    }
}
