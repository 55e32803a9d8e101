package io.remotegpu.chaos;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Carries the schedule out, and has what was killed started again. */
final class Breaker {

    private final Installation installation;
    private final @Nullable Apart apart;
    private final List<Engine> engines;
    private final @Nullable Disk disk;
    private final Recovery recovery;
    private final Tally faults;

    Breaker(Installation installation, List<Engine> engines, @Nullable Disk disk, Recovery recovery, Tally faults) {
        this.installation = installation;
        this.apart = installation instanceof Apart each ? each : null;
        this.engines = engines;
        this.disk = disk;
        this.recovery = recovery;
        this.faults = faults;
    }

    /** What there is to break. */
    Set<Breakage.Circumstance> circumstances() {
        var there = EnumSet.of(apart == null ? Breakage.Circumstance.TOGETHER : Breakage.Circumstance.APART);
        engines.forEach(engine -> there.addAll(engine.circumstances()));
        if (!installation.hosts().isEmpty()) {
            there.add(Breakage.Circumstance.AGENT);
        }
        if (disk != null) {
            there.add(Breakage.Circumstance.DISK);
        }
        return there;
    }

    void carryOut(Schedule.Entry entry) throws InterruptedException {
        Thread.sleep(entry.pause());
        recovery.broken(word(entry));
        var processes = installation.services().processes();
        boolean done = switch (entry.breakage()) {
            case SERVER_KILLED -> restart("KILL", installation.api(), entry);
            case SERVER_ENDED_IN_ORDER -> restart("TERM", installation.api(), entry);
            case SERVER_PAUSED -> pause(installation.api().self(), entry);
            case API_KILLED,
                    API_PAUSED,
                    WORKER_KILLED,
                    WORKER_ENDED_IN_ORDER,
                    WORKER_PAUSED,
                    WORKERS_KILLED,
                    API_CUT_FROM_TEMPORAL,
                    API_CUT_FROM_DATABASE,
                    WORKER_CUT_FROM_TEMPORAL,
                    WORKER_CUT_FROM_DATABASE -> apart != null && carryOut(entry, apart);
            case AGENT_KILLED, AGENT_ENDED_IN_ORDER, AGENT_PAUSED, AGENT_CUT_FROM_TEMPORAL, AGENT_CUT_FROM_API ->
                carryOut(entry, one(installation.hosts(), entry));
            case DISK_FULL -> disk != null && disk.fillFor(entry.length());
            case ALL_KILLED_AT_ONCE -> killAll(entry);
            case TEMPORAL_KILLED -> Processes.kill(processes.temporal());
            case TEMPORAL_PAUSED -> pause(processes.temporal(), entry);
            case DATABASE_KILLED ->
                Processes.kill(processes.postmaster().stream().toList());
            case DATABASE_CONNECTION_KILLED -> Processes.kill(oneOrNone(processes.backends(), entry));
            case DATABASE_PAUSED -> pause(database(processes), entry);
            case ENGINE_KILLED,
                    ENGINE_PAUSED,
                    ENGINE_DISK_FULL,
                    CONTAINER_KILLED,
                    CONTAINER_REMOVED,
                    CONTAINER_PAUSED,
                    SERVER_CUT_FROM_CLUSTER,
                    POD_KILLED,
                    POD_DELETED,
                    POD_DELETED_BY_FORCE,
                    POD_PAUSED,
                    MACHINE_DESTROYED,
                    MACHINE_KILLED,
                    MACHINE_PAUSED -> engine(entry.breakage()).carryOut(entry);
        };
        if (done) {
            faults.add(word(entry));
        }
    }

    private static String word(Schedule.Entry entry) {
        return entry.breakage().word()
                + (entry.breakage().cuts() ? ", " + entry.cut().word() : "");
    }

    /** What is done to one of several processes. */
    private boolean carryOut(Schedule.Entry entry, Apart parts) throws InterruptedException {
        var worker = parts.worker(entry.choice());
        return switch (entry.breakage()) {
            case API_KILLED -> restart("KILL", parts.api(), entry);
            case API_PAUSED -> pause(parts.api().self(), entry);
            case WORKER_KILLED -> leaveToTheOther("KILL", worker, entry);
            case WORKER_ENDED_IN_ORDER -> leaveToTheOther("TERM", worker, entry);
            case WORKER_PAUSED -> pause(worker.self(), entry);
            case WORKERS_KILLED -> restart("KILL", parts.workers(), entry);
            case API_CUT_FROM_TEMPORAL -> cut(parts.apiToTemporal(), entry);
            case API_CUT_FROM_DATABASE -> cut(parts.apiToDatabase(), entry);
            case WORKER_CUT_FROM_TEMPORAL -> cut(parts.workerToTemporal(entry.choice()), entry);
            case WORKER_CUT_FROM_DATABASE -> cut(parts.workerToDatabase(entry.choice()), entry);
            default -> throw new IllegalArgumentException(entry.breakage() + " is nothing that happens to a part");
        };
    }

    /** What is done to one of several hosts. */
    private boolean carryOut(Schedule.Entry entry, OwnHost host) throws InterruptedException {
        return switch (entry.breakage()) {
            case AGENT_KILLED -> restart("KILL", host.agents(), entry);
            case AGENT_ENDED_IN_ORDER -> restart("TERM", host.agents(), entry);
            case AGENT_PAUSED -> pause(host.agents().getFirst().self(), entry);
            case AGENT_CUT_FROM_TEMPORAL -> cut(host.toTemporal(), entry);
            case AGENT_CUT_FROM_API -> cut(host.toApi(), entry);
            default -> throw new IllegalArgumentException(entry.breakage() + " is nothing that happens to a host");
        };
    }

    private Engine engine(Breakage breakage) {
        return engines.stream()
                .filter(engine -> engine.circumstances().contains(breakage.circumstance()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no engine for " + breakage));
    }

    /** Whatever stood still, was cut or full, or was ended by itself, goes on. */
    void mend() throws InterruptedException {
        installation.cables().forEach(Cable::mend);
        if (disk != null) {
            disk.free();
        }
        for (Program program : installation.programs()) {
            Processes.signal("CONT", program.processes().all());
        }
        for (Engine engine : engines) {
            engine.mend();
        }
        for (Program program : installation.dead()) {
            program.awaitNothingLeft();
            program.start();
        }
    }

    private boolean restart(String signal, Program program, Schedule.Entry entry) throws InterruptedException {
        return restart(signal, List.of(program), entry);
    }

    private boolean restart(String signal, List<? extends Program> programs, Schedule.Entry entry)
            throws InterruptedException {
        for (Program program : programs) {
            Processes.signal(signal, program.self());
        }
        return start(programs, entry);
    }

    private boolean killAll(Schedule.Entry entry) throws InterruptedException {
        var programs = installation.programs();
        Processes.signal(
                "KILL",
                programs.stream()
                        .flatMap(program -> program.processes().all().stream())
                        .toList());
        return start(programs, entry);
    }

    private boolean start(List<? extends Program> programs, Schedule.Entry entry) throws InterruptedException {
        for (Program program : programs) {
            program.awaitNothingLeft();
        }
        for (Program program : programs) {
            program.start();
        }
        recovery.begins(entry.breakage().word());
        return true;
    }

    /** What it had in its hands goes on elsewhere: it stays away for a while. */
    private boolean leaveToTheOther(String signal, Program worker, Schedule.Entry entry) throws InterruptedException {
        Processes.signal(signal, worker.self());
        recovery.begins(entry.breakage().word() + " (" + worker.name() + ", another one is left)");
        Thread.sleep(entry.length());
        worker.awaitNothingLeft();
        worker.start();
        return true;
    }

    private static boolean cut(Cable cable, Schedule.Entry entry) throws InterruptedException {
        return cable.cutFor(entry.cut(), entry.length());
    }

    private static boolean pause(List<ProcessHandle> processes, Schedule.Entry entry) throws InterruptedException {
        return Processes.pause(processes, entry.length());
    }

    private static List<ProcessHandle> database(Processes processes) {
        return processes.postmaster().stream()
                .flatMap(first -> Stream.concat(Stream.of(first), first.descendants()))
                .toList();
    }

    private static List<ProcessHandle> oneOrNone(List<ProcessHandle> processes, Schedule.Entry entry) {
        return processes.isEmpty() ? List.of() : List.of(one(processes, entry));
    }

    private static <T> T one(List<T> several, Schedule.Entry entry) {
        return several.get((int) (entry.choice() * several.size()));
    }
}
