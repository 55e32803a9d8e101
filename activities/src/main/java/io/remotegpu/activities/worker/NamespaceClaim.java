package io.remotegpu.activities.worker;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.ScheduleSpec;
import io.temporal.client.schedules.ScheduleState;
import java.util.Map;
import java.util.UUID;

/**
 * One namespace of Temporal works for one installation: the workers of two would take each other's steps, and do them on
 * databases that know nothing of each other.
 *
 * <p>What says so is a schedule named {@value #SCHEDULE} that never begins anything: Temporal lets only one of its name be
 * made, and keeps it for as long as the namespace's workflows. Its memo is never encrypted: it is no secret, and whoever
 * comes has to be able to read it, with whatever key.
 */
final class NamespaceClaim {

    static final String SCHEDULE = "installation";
    private static final String IDENTITY = "identity";

    /**
     * Takes the namespace for this installation; that it is its own already is success.
     *
     * @throws ForeignNamespaceException when it works for another one
     */
    static void make(WorkflowClient client, UUID installation) {
        var namespace = client.getOptions().getNamespace();
        var schedules = ScheduleClient.newInstance(
                client.getWorkflowServiceStubs(),
                ScheduleClientOptions.newBuilder().setNamespace(namespace).build());
        try {
            schedules.createSchedule(
                    SCHEDULE,
                    neverBeginning("this namespace works for the RemoteGPU installation " + installation),
                    ScheduleOptions.newBuilder()
                            .setMemo(Map.of(IDENTITY, installation.toString()))
                            .build());
        } catch (ScheduleAlreadyRunningException taken) {
            var owner = String.valueOf(schedules.getHandle(SCHEDULE).describe().getMemo(IDENTITY, String.class));
            if (!owner.equals(installation.toString())) {
                throw new ForeignNamespaceException(namespace, owner, installation);
            }
        }
    }

    private static Schedule neverBeginning(String note) {
        return Schedule.newBuilder()
                .setAction(ScheduleActionStartWorkflow.newBuilder()
                        .setWorkflowType("Installation")
                        .setOptions(WorkflowOptions.newBuilder()
                                .setWorkflowId(SCHEDULE)
                                .setTaskQueue(SCHEDULE)
                                .build())
                        .build())
                .setSpec(ScheduleSpec.newBuilder().build())
                .setState(
                        ScheduleState.newBuilder().setPaused(true).setNote(note).build())
                .build();
    }

    private NamespaceClaim() {}
}
