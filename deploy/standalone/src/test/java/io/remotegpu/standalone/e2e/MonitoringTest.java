package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which names of an expression are metrics. */
class MonitoringTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            up{job="x"} == 0                                             | up
            max by (status) (a_b{c="d", e=~"5.."}) > 4 * 3600            | a_b
            sum(rate(a_count[5m])) / sum without (x) (rate(b:c_sum[5m])) | a_count b:c_sum
            topk(10, a and b unless c)                                   | a b c
            """)
    void areThoseThatAreNeitherFunctionsNorWordsNorLabels(String expression, String names) {
        assertThat(Monitoring.metrics(expression)).containsExactly(names.split(" "));
    }
}
