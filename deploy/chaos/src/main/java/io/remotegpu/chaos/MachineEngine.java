package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * This machine's libvirt, which others use, too: so it is left alone, and what is broken are the virtual machines of this
 * installation. Their disks are in a folder of their own.
 */
final class MachineEngine implements Engine {

    private static final String URI = "qemu:///system";
    private static final String PREFIX = "remotegpu-";
    /** Boots within seconds also where it is emulated. */
    private static final String SMALL_GUEST = "remotegpu/terminal/mini";

    private final Path images;
    private final Path machines;
    /** Nothing yet: somebody else's machines are not ours to touch. */
    private volatile @Nullable String installation;

    private MachineEngine(Path images, Path machines) {
        this.images = images;
        this.machines = machines;
    }

    /** @param images with the image of a terminal, best the small one */
    static MachineEngine start(Path images) throws IOException, InterruptedException {
        var there = virsh("version");
        if (there.failed()) {
            throw new ChaosException("no libvirt answers at " + URI + ": " + there.trouble());
        }
        // QEMU runs as another user, who must be able to pass through.
        Path machines = Files.createTempDirectory(
                Path.of("/var/tmp"),
                "remotegpu-chaos-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        return new MachineEngine(images.toAbsolutePath(), machines);
    }

    @Override
    public Mode mode() {
        return Mode.VM;
    }

    @Override
    public Set<Breakage.Circumstance> circumstances() {
        return Set.of(Breakage.Circumstance.MACHINES);
    }

    @Override
    public Map<String, String> settings() {
        return Files.exists(images.resolve(SMALL_GUEST))
                ? Map.of("REMOTEGPU_IMAGES_VM_TERMINAL", "remotegpu/terminal:mini")
                : Map.of();
    }

    @Override
    public Map<String, String> hostSettings() {
        return new HashMap<>(Map.of(
                "REMOTEGPU_LIBVIRT_URI", URI,
                "REMOTEGPU_LIBVIRT_IMAGES", images.toString(),
                "REMOTEGPU_LIBVIRT_MACHINES", machines.toString()));
    }

    @Override
    public void installation(String fingerprint) {
        installation = fingerprint;
    }

    /** Domains, and folders with disks and seeds. */
    @Override
    public Map<String, Boolean> environments() throws IOException, InterruptedException {
        var found = new TreeMap<String, Boolean>();
        for (Path owner : files(machines)) {
            for (Path folder : files(owner)) {
                found.put(folder.getFileName().toString(), false);
            }
        }
        for (String name : ours("--all")) {
            found.put(name.substring(PREFIX.length()), false);
        }
        for (String name : ours("--state-running")) {
            found.put(name.substring(PREFIX.length()), true);
        }
        return found;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** The names of our domains, by what they carry about their installation. */
    private List<String> ours(String which) throws IOException, InterruptedException {
        String carries = "installation='" + installation + "'";
        var found = new ArrayList<String>();
        for (String name : virsh("list", "--name", which).answer()) {
            if (name.startsWith(PREFIX)
                    && virsh("metadata", name, "urn:remotegpu:environment:1")
                            .text()
                            .replace('"', '\'')
                            .contains(carries)) {
                found.add(name);
            }
        }
        return found;
    }

    @Override
    public boolean carryOut(Schedule.Entry entry) throws InterruptedException {
        String name = machine(entry);
        if (name == null) {
            return false;
        }
        return switch (entry.breakage()) {
            case MACHINE_DESTROYED -> !virsh("destroy", name).failed();
            case MACHINE_KILLED -> kill(name);
            case MACHINE_PAUSED -> pause(name, entry);
            default -> throw new IllegalArgumentException(entry.breakage() + " is nothing that happens to a machine");
        };
    }

    private @Nullable String machine(Schedule.Entry entry) throws InterruptedException {
        try {
            var running = ours("--state-running");
            return running.isEmpty() ? null : running.get((int) (entry.choice() * running.size()));
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean kill(String name) throws InterruptedException {
        var qemu = ProcessHandle.allProcesses()
                .filter(process -> Processes.commandLine(process).contains("guest=" + name + ","))
                .toList();
        return Processes.kill(qemu);
    }

    private static boolean pause(String name, Schedule.Entry entry) throws InterruptedException {
        if (virsh("suspend", name).failed()) {
            return false;
        }
        try {
            Thread.sleep(entry.length().dividedBy(2));
        } finally {
            virsh("resume", name);
        }
        return true;
    }

    @Override
    public void mend() throws InterruptedException {
        try {
            for (String name : ours("--state-paused")) {
                virsh("resume", name);
            }
        } catch (IOException e) {
            throw new ChaosException("libvirt does not answer any more: " + e.getMessage(), e);
        }
    }

    @Override
    public void clear() throws InterruptedException {
        try {
            for (String name : ours("--all")) {
                virsh("destroy", name);
                virsh("undefine", "--managed-save", "--nvram", name);
            }
            if (Files.exists(machines)) {
                try (var paths = Files.walk(machines)) {
                    for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(path);
                    }
                }
            }
        } catch (IOException e) {
            throw new ChaosException("what is left of machines in " + machines + " stays: " + e.getMessage(), e);
        }
    }

    private static Command virsh(String... words) throws InterruptedException {
        var line = new ArrayList<>(List.of("virsh", "--quiet", "--connect", URI));
        line.addAll(List.of(words));
        return Command.call(Map.of(), line);
    }
}
