package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The second Docker engine of {@code deploy/engines/docker/engine.sh}, which nobody else uses: it is killed, too. It is
 * another machine's, a network namespace.
 */
final class DockerEngine implements Engine {

    private static final String SOCKET = "unix://";
    /** The script's, of the engine that it starts unless told otherwise. */
    private static final String DATA = "data-26";

    private static final Place MACHINE =
            new Place("172.27.0.2", "172.27.0.1", List.of("nsenter", "--net=/run/netns/rg-machine"));

    private final Path script;
    private final String host;
    private final Path pidFile;
    private final @Nullable Disk disk;
    /** Nothing yet: somebody else's leftovers are not ours to touch. */
    private volatile String ours = "label=io.remotegpu.installation=none";

    private DockerEngine(Path script, String host, @Nullable Disk disk) {
        this.script = script;
        this.host = host;
        this.disk = disk;
        this.pidFile =
                Path.of(host.substring(SOCKET.length())).resolveSibling("run").resolve("dockerd.pid");
    }

    /** Started if it does not run. */
    static DockerEngine start(Path script) throws InterruptedException {
        return new DockerEngine(script, address(script), null);
    }

    /**
     * Started anew, with what it carries on a disk that can be full.
     *
     * @param file becomes that disk; the image is copied to it from the engine of {@code DOCKER_HOST}
     */
    static DockerEngine startOnDisk(Path script, Path file) throws IOException, InterruptedException {
        Path data = Path.of(address(script).substring(SOCKET.length())).resolveSibling(DATA);
        call(script, "stop");
        var disk = LoopDisk.at(data, file);
        try {
            var engine = new DockerEngine(script, address(script), disk);
            call(script, "images").answer();
            return engine;
        } catch (ChaosException | IOException | InterruptedException e) {
            call(script, "stop");
            disk.close();
            throw e;
        }
    }

    private static String address(Path script) throws InterruptedException {
        var said = call(script, "start");
        if (said.failed()) {
            throw new ChaosException("no engine that may be killed: " + said.trouble());
        }
        return said.lines().getLast().replace("DOCKER_HOST=", "");
    }

    @Override
    public Mode mode() {
        return Mode.DOCKER;
    }

    @Override
    public Set<Breakage.Circumstance> circumstances() {
        return disk == null
                ? Set.of(Breakage.Circumstance.DOCKER)
                : Set.of(Breakage.Circumstance.DOCKER, Breakage.Circumstance.ENGINE_DISK);
    }

    @Override
    public Place place() {
        return MACHINE;
    }

    @Override
    public Map<String, String> hostSettings() {
        return Map.of("DOCKER_HOST", host, "REMOTEGPU_DOCKER_NETWORK", "rg-chaos");
    }

    @Override
    public void installation(String fingerprint) {
        ours = "label=io.remotegpu.installation=" + fingerprint;
    }

    @Override
    public boolean carryOut(Schedule.Entry entry) throws InterruptedException {
        return switch (entry.breakage()) {
            case ENGINE_KILLED -> kill();
            case ENGINE_PAUSED -> Processes.pause(processes(), entry.length());
            case ENGINE_DISK_FULL -> disk != null && disk.fillFor(entry.length());
            case CONTAINER_KILLED -> onContainer(entry, List.of("kill"));
            case CONTAINER_REMOVED -> onContainer(entry, List.of("rm", "-f"));
            case CONTAINER_PAUSED -> pauseContainer(entry);
            default -> throw new IllegalArgumentException(entry.breakage() + " is nothing that happens to Docker");
        };
    }

    private List<ProcessHandle> processes() {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())).stream()
                    .toList();
        } catch (IOException | NumberFormatException e) {
            return List.of();
        }
    }

    /** As by SIGKILL; then it is started again. */
    private boolean kill() throws InterruptedException {
        var running = processes();
        Processes.signal("KILL", running);
        mend();
        return !running.isEmpty();
    }

    @Override
    public void mend() throws InterruptedException {
        if (disk != null) {
            disk.free();
        }
        Processes.signal("CONT", processes());
        call(script, "start");
        for (String id : docker("ps", "-q", "--filter", ours, "--filter", "status=paused")
                .lines()) {
            docker("unpause", id);
        }
    }

    private boolean onContainer(Schedule.Entry entry, List<String> command) throws InterruptedException {
        String id = container(entry.choice());
        if (id != null) {
            docker(Stream.concat(command.stream(), Stream.of(id)).toArray(String[]::new));
        }
        return id != null;
    }

    private boolean pauseContainer(Schedule.Entry entry) throws InterruptedException {
        String id = container(entry.choice());
        if (id != null) {
            docker("pause", id);
            Thread.sleep(entry.length().dividedBy(4));
            docker("unpause", id);
        }
        return id != null;
    }

    private @Nullable String container(double choice) throws InterruptedException {
        var running = docker("ps", "-q", "--filter", ours).lines();
        return running.isEmpty() ? null : running.get((int) (choice * running.size()));
    }

    @Override
    public Map<String, Boolean> environments() throws IOException, InterruptedException {
        var found = new TreeMap<String, Boolean>();
        for (String id : docker("volume", "ls", "--filter", ours, "--format", "{{.Label \"io.remotegpu.environment\"}}")
                .answer()) {
            found.put(id, false);
        }
        for (String line : docker(
                        "ps", "-a", "--filter", ours, "--format", "{{.Label \"io.remotegpu.environment\"}} {{.State}}")
                .answer()) {
            String[] words = line.split(" ");
            found.merge(words[0], words[1].equals("running"), Boolean::logicalOr);
        }
        return found;
    }

    /** The next trial begins with nothing. */
    @Override
    public void clear() throws InterruptedException {
        mend();
        for (String id : docker("ps", "-aq", "--filter", ours).lines()) {
            docker("rm", "-f", id);
        }
        for (String name : docker("volume", "ls", "-q", "--filter", ours).lines()) {
            docker("volume", "rm", name);
        }
        call(script, "stop");
        if (disk != null) {
            disk.close();
        }
    }

    /** One that fails does no harm where containers come and go meanwhile. */
    private Command docker(String... words) throws InterruptedException {
        var line = new ArrayList<>(List.of("docker"));
        line.addAll(List.of(words));
        return Command.call(Map.of("DOCKER_HOST", host), line);
    }

    private static Command call(Path script, String action) throws InterruptedException {
        return Command.call(Map.of(), List.of(script.toString(), action, "--machine"));
    }
}
