package io.remotegpu.chaos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries the schedule out, and has the server started again after it was killed. */
final class Breaker {

    private final Server server;
    private final @Nullable DockerEngine docker;
    private final Recovery recovery;
    private final Tally faults;

    Breaker(Server server, @Nullable DockerEngine docker, Recovery recovery, Tally faults) {
        this.server = server;
        this.docker = docker;
        this.recovery = recovery;
        this.faults = faults;
    }

    void carryOut(Schedule.Entry entry) throws InterruptedException {
        Thread.sleep(entry.pause());
        var processes = server.processes();
        boolean done = switch (entry.breakage()) {
            case SERVER_KILLED -> restart("KILL", server.self());
            case SERVER_ENDED_IN_ORDER -> restart("TERM", server.self());
            case ALL_KILLED_AT_ONCE -> restart("KILL", processes.all());
            case SERVER_PAUSED -> pause(server.self(), entry);
            case TEMPORAL_KILLED -> kill(processes.temporal());
            case TEMPORAL_PAUSED -> pause(processes.temporal(), entry);
            case DATABASE_KILLED -> kill(processes.postmaster().stream().toList());
            case DATABASE_CONNECTION_KILLED -> kill(one(processes.backends(), entry));
            case DATABASE_PAUSED -> pause(database(processes), entry);
            case ENGINE_KILLED -> docker != null && docker.kill();
            case ENGINE_PAUSED -> docker != null && pause(docker.processes(), entry);
            case CONTAINER_KILLED -> docker != null && docker.onContainer("kill", entry.choice());
            case CONTAINER_REMOVED -> docker != null && docker.onContainer("rm", entry.choice());
            case CONTAINER_PAUSED -> docker != null && docker.pauseContainer(entry.choice(), entry.length());
        };
        if (done) {
            faults.add(entry.breakage().word());
        }
    }

    /** Whatever stood still, or was ended by itself, goes on. */
    void mend() throws InterruptedException {
        Processes.signal("CONT", server.processes().all());
        if (!server.isAlive()) {
            server.awaitNothingLeft();
            server.start();
        }
        if (docker != null) {
            docker.mend();
        }
    }

    private boolean restart(String signal, List<ProcessHandle> processes) throws InterruptedException {
        Processes.signal(signal, processes);
        server.awaitNothingLeft();
        server.start();
        recovery.restarted();
        return true;
    }

    private static boolean kill(List<ProcessHandle> processes) throws InterruptedException {
        Processes.signal("KILL", processes);
        return !processes.isEmpty();
    }

    private static boolean pause(List<ProcessHandle> processes, Schedule.Entry entry) throws InterruptedException {
        Processes.signal("STOP", processes);
        try {
            Thread.sleep(entry.length());
        } finally {
            Processes.signal("CONT", processes);
        }
        return !processes.isEmpty();
    }

    private static List<ProcessHandle> database(Processes processes) {
        return processes.postmaster().stream()
                .flatMap(
                        first -> java.util.stream.Stream.concat(java.util.stream.Stream.of(first), first.descendants()))
                .toList();
    }

    private static List<ProcessHandle> one(List<ProcessHandle> processes, Schedule.Entry entry) {
        return processes.isEmpty() ? List.of() : List.of(processes.get((int) (entry.choice() * processes.size())));
    }
}
