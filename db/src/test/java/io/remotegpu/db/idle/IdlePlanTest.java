package io.remotegpu.db.idle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.EnvironmentType;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdlePlanTest {

    private static final Instant SINCE = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration TIMEOUT = Duration.ofHours(2);
    private static final Duration LEAD = Duration.ofMinutes(12);

    @Test
    void itsUsersAreWarnedAndThenItIsStopped() {
        assertThat(plan(107, null, null)).isEqualTo(new IdlePlan(IdlePlan.Step.NOTHING, minute(120), null));
        assertThat(plan(108, null, null)).isEqualTo(new IdlePlan(IdlePlan.Step.WARN, minute(120), minute(108)));
        assertThat(plan(119, null, 108)).isEqualTo(new IdlePlan(IdlePlan.Step.NOTHING, minute(120), minute(108)));
        assertThat(plan(120, null, 108)).isEqualTo(new IdlePlan(IdlePlan.Step.STOP, minute(120), minute(108)));
    }

    @Test
    void aWarningThatComesLateIsAWarningAllTheSame() {
        assertThat(plan(500, null, null)).isEqualTo(new IdlePlan(IdlePlan.Step.WARN, minute(512), minute(500)));
        assertThat(plan(511, null, 500).step()).isEqualTo(IdlePlan.Step.NOTHING);
        assertThat(plan(512, null, 500).step()).isEqualTo(IdlePlan.Step.STOP);
    }

    @Test
    void anExtensionPutsTheStopOffAndIsWarnedOfAnew() {
        assertThat(plan(119, 300, 108)).isEqualTo(new IdlePlan(IdlePlan.Step.NOTHING, minute(300), null));
        assertThat(plan(288, 300, null)).isEqualTo(new IdlePlan(IdlePlan.Step.WARN, minute(300), minute(288)));
        assertThat(plan(300, 300, 288).step()).isEqualTo(IdlePlan.Step.STOP);
        assertThat(plan(120, 30, 108).step()).as("one that is over").isEqualTo(IdlePlan.Step.STOP);
    }

    @Test
    void whatIsAskedForIsHeldToTheLimitsAndDefaultsAreByType() {
        var settings = settings(
                Map.of(EnvironmentType.IDE, Duration.ofHours(1), EnvironmentType.DESKTOP, TIMEOUT.multipliedBy(99)));
        assertThat(settings.timeout(EnvironmentType.TERMINAL, null)).isEmpty();
        assertThat(settings.timeout(EnvironmentType.IDE, null)).contains(Duration.ofHours(1));
        assertThat(settings.timeout(EnvironmentType.DESKTOP, null)).contains(Duration.ofDays(7));
        assertThat(settings.timeout(EnvironmentType.TERMINAL, Duration.ofSeconds(1)))
                .contains(Duration.ofMinutes(5));
        assertThat(settings.timeout(EnvironmentType.TERMINAL, Duration.ofDays(99)))
                .contains(Duration.ofDays(7));
        assertThat(settings.lead(TIMEOUT)).isEqualTo(LEAD);
        assertThat(settings.lead(Duration.ofDays(2))).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aSettingThatCannotBeIsRefusedByItsName() {
        assertThatThrownBy(() -> settings(Map.of(EnvironmentType.IDE, Duration.ZERO)))
                .hasMessageContaining("remotegpu.idle.default-timeouts.ide");
        assertThatThrownBy(
                        () -> new IdleSettings(false, TIMEOUT, Duration.ofMinutes(3), LEAD, TIMEOUT, null, LEAD, 5, 5))
                .hasMessageContaining("remotegpu.idle.longest-gap");
    }

    private static IdleSettings settings(Map<EnvironmentType, Duration> defaults) {
        return new IdleSettings(
                false,
                Duration.ofMinutes(1),
                Duration.ofMinutes(3),
                Duration.ofMinutes(5),
                Duration.ofDays(7),
                defaults,
                Duration.ofMinutes(15),
                5,
                5);
    }

    private static IdlePlan plan(int now, @Nullable Integer extended, @Nullable Integer warned) {
        return IdlePlan.of(
                Idleness.idle(SINCE, "quiet"),
                TIMEOUT,
                LEAD,
                extended == null ? null : minute(extended),
                warned == null ? null : minute(warned),
                minute(now));
    }

    private static Instant minute(int minute) {
        return SINCE.plus(Duration.ofMinutes(minute));
    }
}
