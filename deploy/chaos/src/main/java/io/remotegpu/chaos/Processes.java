package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The processes that work on one installation's folder, and signals to them. */
record Processes(Path home) {

    /** Temporal's dev server itself, not the shell that holds it. */
    List<ProcessHandle> temporal() {
        return all().stream()
                .filter(process -> {
                    String line = commandLine(process);
                    return line.contains("start-dev") && !line.contains("lifeline") && !line.contains("setpriv");
                })
                .toList();
    }

    /** PostgreSQL's first process; its others follow it. */
    Optional<ProcessHandle> postmaster() {
        try {
            String pid = Files.readAllLines(home.resolve("postgres/data/postmaster.pid"))
                    .getFirst()
                    .strip();
            return ProcessHandle.of(Long.parseLong(pid))
                    .filter(process -> commandLine(process).contains("postgres"));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** PostgreSQL's processes for connections, in the order of their age. */
    List<ProcessHandle> backends() {
        return postmaster().stream()
                .flatMap(ProcessHandle::children)
                .filter(process -> commandLine(process).contains("127.0.0.1("))
                .sorted()
                .toList();
    }

    /** Every process of the installation, whatever it calls itself. */
    List<ProcessHandle> all() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(this::isOurs)
                .sorted()
                .toList();
    }

    private boolean isOurs(ProcessHandle process) {
        Path proc = Path.of("/proc/" + process.pid());
        try {
            // PostgreSQL's processes overwrite their command lines and environments, but stay in their folder.
            return Files.readSymbolicLink(proc.resolve("cwd")).startsWith(home)
                    || Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1)
                            .contains("REMOTEGPU_HOME=" + home + "\0");
        } catch (IOException e) {
            return false;
        }
    }

    static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    /** One that has ended meanwhile is success. */
    static void signal(String signal, List<ProcessHandle> processes) throws InterruptedException {
        for (var process : processes) {
            try {
                new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor(10, TimeUnit.SECONDS);
            } catch (IOException e) {
                throw new ChaosException("kill cannot be called: " + e.getMessage(), e);
            }
        }
    }

    /** They stand still for that long. */
    static boolean pause(List<ProcessHandle> processes, Duration length) throws InterruptedException {
        signal("STOP", processes);
        try {
            Thread.sleep(length);
        } finally {
            signal("CONT", processes);
        }
        return !processes.isEmpty();
    }

    static boolean kill(List<ProcessHandle> processes) throws InterruptedException {
        signal("KILL", processes);
        return !processes.isEmpty();
    }
}
