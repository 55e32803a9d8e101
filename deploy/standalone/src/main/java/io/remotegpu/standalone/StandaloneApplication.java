package io.remotegpu.standalone;

import io.remotegpu.activities.cluster.ClusterConfiguration;
import io.remotegpu.activities.host.HostConfiguration;
import io.remotegpu.activities.idle.IdleConfiguration;
import io.remotegpu.activities.reconcile.ReconcilerConfiguration;
import io.remotegpu.activities.watch.HostWatchConfiguration;
import io.remotegpu.activities.worker.WorkerConfiguration;
import io.remotegpu.api.ApiConfiguration;
import io.remotegpu.api.TemporalClientConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The API and the worker in one process. */
@SpringBootApplication
@Import({
    ApiConfiguration.class,
    TemporalClientConfiguration.class,
    WorkerConfiguration.class,
    HostConfiguration.class,
    ClusterConfiguration.class,
    ReconcilerConfiguration.class,
    HostWatchConfiguration.class,
    IdleConfiguration.class
})
class StandaloneApplication {}
