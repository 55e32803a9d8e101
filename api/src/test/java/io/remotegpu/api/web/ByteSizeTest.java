package io.remotegpu.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1024, 1024",
        "64Mi, 67108864",
        "16Gi, 17179869184",
        "16GiB, 17179869184",
        "1.5Ti, 1649267441664",
        "500M, 500000000",
        "2K, 2000",
        "2 G, 2000000000",
        "9223372036854775807, 9223372036854775807"
    })
    void aSizeIsANumberOfBytesOrANumberWithAUnit(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "-1Gi",
                "+1",
                "1e9",
                "0x10",
                "16gi",
                "16 GiBs",
                "Gi",
                "1..5G",
                "1.G",
                "9223372036854775808",
                "9999999999999999999",
                "99999999999999999999",
                "8192Pi",
                "1Gi\n",
                "NaN",
                "∞",
                "١٦Gi"
            })
    void whatIsNoSizeOrTooLargeIsRefused(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"2h, PT2H", "90m, PT1H30M", "1h30m, PT1H30M", "1d, PT24H", "45s, PT45S", "PT2H, PT2H", "0s, PT0S"})
    void aDurationIsWrittenShortOrAsIso8601(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "h", "2hours", "1m2h", "-2h ", "2h ", "P", "PT", "99999999999999999999s"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
