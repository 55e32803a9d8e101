package io.remotegpu.activities.timetable;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.activities.worker.QueueWorker;
import io.remotegpu.activities.worker.ScheduledRole;
import io.remotegpu.db.timetable.TimetableSettings;
import io.remotegpu.db.timetable.TimetableWatch;
import io.remotegpu.workflows.timetable.KeepTimetables;
import io.remotegpu.workflows.timetable.TimetableWorkflows;
import io.temporal.client.WorkflowClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stopping, starting and deleting what is due, for an application with the control role. */
@Configuration(proxyBeanMethods = false)
public class TimetableConfiguration {

    @Bean
    ScheduledRole timetableRole(
            WorkflowClient temporal,
            TimetableWatch watch,
            TimetableSettings settings,
            ObjectProvider<MeterRegistry> meters) {
        var worker = new QueueWorker(
                temporal,
                TimetableWorkflows.QUEUE,
                TimetableWorkflows.implementations(),
                new TimetableActivities(temporal, watch, meters.getIfAvailable(SimpleMeterRegistry::new)));
        return new ScheduledRole(
                temporal,
                worker,
                TimetableWorkflows.QUEUE,
                TimetableWorkflows.SCHEDULE,
                KeepTimetables.class,
                settings.every());
    }
}
