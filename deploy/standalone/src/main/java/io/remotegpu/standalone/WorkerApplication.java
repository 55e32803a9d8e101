package io.remotegpu.standalone;

import io.remotegpu.activities.cluster.ClusterConfiguration;
import io.remotegpu.activities.reconcile.ReconcilerConfiguration;
import io.remotegpu.activities.watch.HostWatchConfiguration;
import io.remotegpu.activities.worker.WorkerConfiguration;
import io.remotegpu.api.TemporalClientConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The control role alone: it serves nobody but Temporal, and machines are served by their agents. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    TemporalClientConfiguration.class,
    WorkerConfiguration.class,
    ClusterConfiguration.class,
    ReconcilerConfiguration.class,
    HostWatchConfiguration.class
})
class WorkerApplication {}
