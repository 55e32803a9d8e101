package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The second Docker engine of {@code deploy/engines/docker/engine.sh}, which nobody else uses: it is killed, too. */
final class DockerEngine implements Carried {

    private final Path script;
    private final Path outside;
    private final String host;
    private final Path pidFile;
    /** Nothing yet: somebody else's leftovers are not ours to touch. */
    private volatile String ours = "label=io.remotegpu.installation=none";

    private DockerEngine(Path script, Path outside, String host) {
        this.script = script;
        this.outside = outside;
        this.host = host;
        this.pidFile = Path.of(host.substring("unix://".length()))
                .resolveSibling("run")
                .resolve("dockerd.pid");
    }

    /** Started if it does not run; the images of the first engine are copied to it. */
    static DockerEngine start(Path script, Path outside) throws InterruptedException {
        String said = call(fromOutside(script, outside, "start"), null);
        if (!said.contains("DOCKER_HOST=")) {
            throw new ChaosException("no engine that may be killed: " + script + " start --machine failed");
        }
        String host = said.strip().lines().toList().getLast().replace("DOCKER_HOST=", "");
        return new DockerEngine(script, outside, host);
    }

    /** Whose containers and volumes are looked at, broken and removed. */
    void installation(String fingerprint) {
        ours = "label=io.remotegpu.installation=" + fingerprint;
    }

    String host() {
        return host;
    }

    List<ProcessHandle> processes() {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())).stream()
                    .toList();
        } catch (IOException | NumberFormatException e) {
            return List.of();
        }
    }

    /** As by SIGKILL; then it is started again. */
    boolean kill() throws InterruptedException {
        var running = processes();
        Processes.signal("KILL", running);
        mend();
        return !running.isEmpty();
    }

    void mend() throws InterruptedException {
        Processes.signal("CONT", processes());
        call(fromOutside(script, outside, "start"), null);
        for (String id : docker("ps", "-q", "--filter", ours, "--filter", "status=paused")) {
            docker("unpause", id);
        }
    }

    boolean onContainer(String command, double choice) throws InterruptedException {
        String id = container(choice);
        if (id != null) {
            docker(command.equals("rm") ? List.of("rm", "-f", id) : List.of(command, id));
        }
        return id != null;
    }

    boolean pauseContainer(double choice, Duration length) throws InterruptedException {
        String id = container(choice);
        if (id != null) {
            docker("pause", id);
            Thread.sleep(length.dividedBy(4));
            docker("unpause", id);
        }
        return id != null;
    }

    private @Nullable String container(double choice) throws InterruptedException {
        var running = docker("ps", "-q", "--filter", ours);
        return running.isEmpty() ? null : running.get((int) (choice * running.size()));
    }

    @Override
    public Map<String, Boolean> environments() throws InterruptedException {
        var found = new TreeMap<String, Boolean>();
        for (String id :
                docker("volume", "ls", "--filter", ours, "--format", "{{.Label \"io.remotegpu.environment\"}}")) {
            found.put(id, false);
        }
        for (String line : docker(
                "ps", "-a", "--filter", ours, "--format", "{{.Label \"io.remotegpu.environment\"}} {{.State}}")) {
            String[] words = line.split(" ");
            found.merge(words[0], words[1].equals("running"), Boolean::logicalOr);
        }
        return found;
    }

    /** What of ours is left, so that the next trial begins with nothing. */
    void clear() throws InterruptedException {
        for (String id : docker("ps", "-aq", "--filter", ours)) {
            docker("rm", "-f", id);
        }
        for (String name : docker("volume", "ls", "-q", "--filter", ours)) {
            docker("volume", "rm", name);
        }
    }

    void stop() throws InterruptedException {
        call(fromOutside(script, outside, "stop"), null);
    }

    /** The harness is in the network of the engine's machine; the script makes that, from the one outside. */
    private static List<String> fromOutside(Path script, Path outside, String action) {
        return List.of("nsenter", "--net=" + outside, script.toString(), action, "--machine");
    }

    private List<String> docker(String... words) throws InterruptedException {
        return docker(List.of(words));
    }

    /** A call that fails says nothing: containers come and go meanwhile. */
    private List<String> docker(List<String> words) throws InterruptedException {
        var command = new ArrayList<>(List.of("docker"));
        command.addAll(words);
        return call(command, host)
                .strip()
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static String call(List<String> command, @Nullable String host) throws InterruptedException {
        try {
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            if (host != null) {
                builder.environment().put("DOCKER_HOST", host);
            }
            var process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(2, TimeUnit.MINUTES);
            return said;
        } catch (IOException e) {
            throw new ChaosException(command.getFirst() + " cannot be called: " + e.getMessage(), e);
        }
    }
}
