package io.remotegpu.agent;

import io.remotegpu.activities.host.DockerSettings;
import io.remotegpu.activities.host.LibvirtSettings;
import io.remotegpu.activities.host.SimulatedSettings;
import io.remotegpu.activities.worker.WorkerSettings;
import io.remotegpu.temporal.TemporalSettings;
import io.remotegpu.temporal.TracingSettings;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;

/**
 * What is set under {@code remotegpu.docker}, {@code remotegpu.libvirt}, {@code remotegpu.simulated}, {@code remotegpu.worker} and
 * {@code remotegpu.temporal}, by the same environment variables as for {@code up}.
 */
record Settings(
        DockerSettings docker,
        LibvirtSettings libvirt,
        SimulatedSettings simulated,
        WorkerSettings worker,
        TemporalSettings temporal,
        TracingSettings tracing) {

    /** @throws AgentException when a setting cannot be read */
    static Settings ofTheProcess() {
        var environment = new StandardEnvironment();
        ConfigurationPropertySources.attach(environment);
        var binder = Binder.get(environment);
        try {
            return new Settings(
                    binder.bindOrCreate("remotegpu.docker", DockerSettings.class),
                    binder.bindOrCreate("remotegpu.libvirt", LibvirtSettings.class),
                    binder.bindOrCreate("remotegpu.simulated", SimulatedSettings.class),
                    binder.bindOrCreate("remotegpu.worker", WorkerSettings.class),
                    binder.bindOrCreate("remotegpu.temporal", TemporalSettings.class),
                    binder.bindOrCreate("remotegpu.tracing", TracingSettings.class));
        } catch (BindException e) {
            throw new AgentException(
                    "The setting " + e.getName() + " cannot be read: "
                            + (e.getCause() == null
                                    ? e.getMessage()
                                    : e.getCause().getMessage()),
                    e);
        }
    }
}
