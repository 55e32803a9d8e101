package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.model.Info;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers as engines sent them. */
class DiskGuardTest {

    private static final DiskQuotas BOTH = new DiskQuotas(true, true);
    private static final InternalServerErrorException NO_HOME =
            refusal("create remotegpu-1: quota size requested but no quota support");
    private static final InternalServerErrorException NO_REST =
            refusal("--storage-opt is supported only for overlay over xfs with 'pquota' mount option");

    @Test
    void whatTheEngineRefusedIsSaidUntilItIsTaken() {
        var guard = new DiskGuard(DiskLimits.AUTO);
        assertThat(guard.unguarded()).isEmpty();
        assertThat(guard.goesWithout(BOTH, NO_HOME)).isTrue();
        assertThat(guard.goesWithout(guard.wanted(), NO_REST)).isTrue();
        assertThat(guard.wanted()).isEqualTo(new DiskQuotas(false, false));
        assertThat(guard.unguarded()).containsOnlyKeys("home", "rest");
        assertThat(guard.unguarded().get("home"))
                .contains("home folders is not limited")
                .contains("the engine cannot: quota size requested but no quota support")
                .contains("xfs mounted with pquota, or set docker.disk-limits to off")
                .doesNotContain("None is brought up");

        // A container without them proves nothing.
        guard.taken(guard.wanted(), () -> true);
        assertThat(guard.unguarded()).containsOnlyKeys("home", "rest");
        // Nor does one whose home folder is from before.
        guard.taken(new DiskQuotas(true, false), () -> false);
        assertThat(guard.unguarded()).containsOnlyKeys("home", "rest");
        guard.taken(new DiskQuotas(true, false), () -> true);
        assertThat(guard.unguarded()).containsOnlyKeys("rest");
        guard.taken(BOTH, () -> true);
        assertThat(guard.unguarded()).isEmpty();
        assertThat(guard.wanted()).isEqualTo(BOTH);
    }

    @Test
    void otherTroublesOfTheEngineAreNotTakenForARefusal() {
        var guard = new DiskGuard(DiskLimits.AUTO);
        assertThat(guard.goesWithout(BOTH, refusal("no space left on device"))).isFalse();
        assertThat(guard.goesWithout(BOTH, new IllegalStateException("connection lost")))
                .isFalse();
        assertThat(guard.unguarded()).isEmpty();
    }

    @Test
    void whatIsRequiredIsAskedForAgainAndItIsSaidThatNothingIsBroughtUp() {
        var guard = new DiskGuard(DiskLimits.REQUIRED);
        assertThat(guard.goesWithout(BOTH, NO_REST)).isFalse();
        assertThat(guard.wanted()).isEqualTo(BOTH);
        assertThat(guard.unguarded()).containsOnlyKeys("rest");
        assertThat(guard.unguarded().get("rest")).contains("None is brought up until then");
    }

    @Test
    void overlayOnAnotherFileSystemThanXfsIsKnownBeforehand() {
        var guard = new DiskGuard(DiskLimits.AUTO);
        guard.look(List.of(), () -> engine("overlay2", "extfs"));
        assertThat(guard.unguarded()).containsOnlyKeys("rest");
        assertThat(guard.unguarded().get("rest")).contains("quotas on xfs only, and is on extfs");
        assertThat(guard.wanted()).isEqualTo(new DiskQuotas(true, false));
    }

    @Test
    void whereOnlyATryTellsNothingIsClaimed() {
        for (var engine : List.of(engine("overlay2", "xfs"), engine("btrfs", "extfs"), engine("zfs", "zfs"))) {
            var guard = new DiskGuard(DiskLimits.AUTO);
            guard.look(List.of(), () -> engine);
            assertThat(guard.unguarded()).isEmpty();
            assertThat(guard.wanted()).isEqualTo(BOTH);
        }
    }

    @Test
    void homesThatWereMadeWithoutALimitAreSeenAlsoAfterARestart() throws JsonProcessingException {
        var guard = new DiskGuard(DiskLimits.AUTO);
        var unlimited = volume("null");
        var limited = volume("{\"size\": \"1073741824\"}");
        guard.look(List.of(unlimited, limited, volume("{}")), () -> engine("overlay2", "xfs"));
        assertThat(guard.unguarded()).containsOnlyKeys("home");
        assertThat(guard.unguarded().get("home")).startsWith("there are home folders without a limit");

        guard.look(List.of(limited), () -> engine("overlay2", "xfs"));
        assertThat(guard.unguarded()).isEmpty();
    }

    @Test
    void whereNobodyWantsLimitsNothingIsSaid() throws JsonProcessingException {
        var guard = new DiskGuard(DiskLimits.OFF);
        guard.look(List.of(volume("null")), () -> engine("overlay2", "extfs"));
        assertThat(guard.wanted()).isEqualTo(new DiskQuotas(false, false));
        assertThat(guard.unguarded()).isEmpty();
    }

    private static InternalServerErrorException refusal(String message) {
        return new InternalServerErrorException("Status 500: {\"message\":\"" + message + "\"}\n");
    }

    private static Info engine(String driver, String fileSystem) {
        return new Info()
                .withDriver(driver)
                .withDriverStatuses(List.of(
                        Arrays.asList("Backing Filesystem", fileSystem), Arrays.asList("Supports d_type", "true")));
    }

    private static InspectVolumeResponse volume(String options) throws JsonProcessingException {
        return new ObjectMapper()
                .readValue("{\"Name\": \"v\", \"Options\": " + options + "}", InspectVolumeResponse.class);
    }
}
