package io.remotegpu.standalone;

import io.remotegpu.activities.alert.AlertConfiguration;
import io.remotegpu.activities.cluster.ClusterConfiguration;
import io.remotegpu.activities.idle.IdleConfiguration;
import io.remotegpu.activities.reconcile.ReconcilerConfiguration;
import io.remotegpu.activities.timetable.TimetableConfiguration;
import io.remotegpu.activities.watch.HostWatchConfiguration;
import io.remotegpu.activities.worker.WorkerConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Everything that a worker of the control role does, alone or beside the API. */
@Configuration(proxyBeanMethods = false)
@Import({
    WorkerConfiguration.class,
    ClusterConfiguration.class,
    ReconcilerConfiguration.class,
    HostWatchConfiguration.class,
    AlertConfiguration.class,
    IdleConfiguration.class,
    TimetableConfiguration.class
})
class ControlRole {}
