package io.remotegpu.api;

import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import com.uber.m3.util.Duration;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettingException;
import io.remotegpu.temporal.TemporalSettings;
import io.remotegpu.temporal.Traces;
import io.remotegpu.temporal.TracingSettings;
import io.temporal.client.WorkflowClient;
import io.temporal.common.reporter.MicrometerClientStatsReporter;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connection to Temporal, for an application that has none of its own. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TemporalSettings.class, TracingSettings.class})
public class TemporalClientConfiguration {

    private static final int METRICS_EVERY_SECONDS = 5;

    private static final double[] TEMPORAL_BUCKETS = DoubleStream.of(0.01, 0.1, 1, 10, 60)
            .map(seconds -> seconds * TimeUnit.SECONDS.toNanos(1))
            .toArray();

    /**
     * Connects when it is needed: the API serves, and says 503 where it must, while Temporal is away. But with TLS that
     * does not fit it does not start.
     */
    @Bean(destroyMethod = "shutdown")
    WorkflowServiceStubs temporalConnection(TemporalSettings settings, Scope temporalMetrics) {
        var connection = WorkflowServiceStubs.newServiceStubs(TemporalConnections.options(settings)
                .setMetricsScope(temporalMetrics)
                .build());
        if (settings.tls().enabled()) {
            try {
                TemporalConnections.check(connection, settings);
            } catch (TemporalSettingException refused) {
                connection.shutdownNow();
                throw refused;
            }
        }
        return connection;
    }

    /** What Temporal's SDK counts, {@code temporal_…}: requests, and in a worker what becomes of tasks and how long they wait. */
    @Bean(destroyMethod = "close")
    Scope temporalMetrics(MeterRegistry metrics) {
        return new RootScopeBuilder()
                .reporter(new MicrometerClientStatsReporter(metrics))
                .reportEvery(Duration.ofSeconds(METRICS_EVERY_SECONDS));
    }

    /** The reporter's own choice is 69 buckets for each of hundreds of series. */
    @Bean
    MeterFilter fewBucketsForTemporal() {
        var few = DistributionStatisticConfig.builder()
                .percentilesHistogram(false)
                .serviceLevelObjectives(TEMPORAL_BUCKETS)
                .build();
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().startsWith("temporal_") ? few.merge(config) : config;
            }
        };
    }

    @Bean
    WorkflowClient temporal(
            WorkflowServiceStubs temporalConnection, TemporalSettings settings, ObjectProvider<Traces> traces) {
        return TemporalConnections.client(temporalConnection, settings, traces.getIfAvailable());
    }

    /** Only where they are wanted. */
    @Bean
    @ConditionalOnProperty(name = "remotegpu.tracing.enabled", havingValue = "true")
    Traces traces(TracingSettings settings) {
        return new Traces(settings, "remotegpu");
    }
}
