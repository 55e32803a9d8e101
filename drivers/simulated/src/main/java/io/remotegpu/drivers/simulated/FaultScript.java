package io.remotegpu.drivers.simulated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of a simulated engine go wrong: steered from outside by the file {@code faults} in its folder, which holds a
 * seed and a rate from 0 to 1, and may come and go; without it all goes well. Every fault is a line of {@code
 * faults.log} there. The n-th call of a sort for one environment fares the same for the same seed, whatever else goes on.
 * For trials only.
 */
public final class FaultScript {

    private static final List<PlayedFault> UP = List.of(
            PlayedFault.UNAVAILABLE,
            PlayedFault.UNAVAILABLE,
            PlayedFault.LOST_ANSWER,
            PlayedFault.LOST_ANSWER,
            PlayedFault.TWICE,
            PlayedFault.SLOW,
            PlayedFault.TIMEOUT,
            PlayedFault.PORT_TAKEN,
            PlayedFault.NO_CAPACITY,
            PlayedFault.REFUSED);
    private static final List<PlayedFault> DOWN = List.of(
            PlayedFault.UNAVAILABLE,
            PlayedFault.UNAVAILABLE,
            PlayedFault.LOST_ANSWER,
            PlayedFault.LOST_ANSWER,
            PlayedFault.TWICE,
            PlayedFault.SLOW,
            PlayedFault.TIMEOUT,
            PlayedFault.REFUSED);
    private static final List<PlayedFault> LOOK =
            List.of(PlayedFault.UNAVAILABLE, PlayedFault.SLOW, PlayedFault.TWICE, PlayedFault.WRONG_ANSWER);

    /** Looks are many, and a create makes several: so each of them fails less often. */
    private static final double OF_LOOKS = 0.2;

    private final Path file;
    private final Path log;
    private final String host;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    /**
     * @param folder of all simulated hosts together
     * @param host whose calls these are
     */
    public FaultScript(Path folder, String host) {
        this.file = folder.resolve("faults");
        this.log = folder.resolve("faults.log");
        this.host = host;
    }

    @Nullable
    PlayedFault next(DriverCall call, @Nullable UUID id) {
        String subject = id == null ? host : id.toString();
        int number = calls.computeIfAbsent(call + " " + subject, _ -> new AtomicInteger())
                .incrementAndGet();
        String[] script = read();
        if (script.length != 2) {
            return null;
        }
        long seed = Long.parseLong(script[0]);
        double rate = Double.parseDouble(script[1]);
        var random = new SplittableRandom(seed * 31 + (call.name() + subject + number).hashCode());
        // The first numbers of neighbouring seeds resemble each other.
        random = random.split();
        List<PlayedFault> choice = switch (call) {
            case DEPLOY -> UP;
            case STOP, REMOVE -> DOWN;
            case OBSERVE, LIST -> LOOK;
        };
        if (random.nextDouble() >= (choice == LOOK ? rate * OF_LOOKS : rate)) {
            return null;
        }
        var fault = choice.get(random.nextInt(choice.size()));
        note(fault + " " + call + " " + host + " " + subject + " " + System.currentTimeMillis() + "\n");
        return fault;
    }

    private String[] read() {
        try {
            return Files.readString(file).strip().split(" ");
        } catch (IOException none) {
            return new String[0];
        }
    }

    private void note(String line) {
        try {
            Files.write(
                    log, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException lost) {
            // A fault that is not counted is one all the same.
        }
    }
}
