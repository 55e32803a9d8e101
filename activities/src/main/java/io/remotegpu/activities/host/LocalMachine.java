package io.remotegpu.activities.host;

import com.sun.management.OperatingSystemMXBean;
import io.remotegpu.drivers.docker.DockerEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** This machine as a host: looked at anew for every report, because engines come and go. */
public final class LocalMachine implements ReportSource {

    private final String id;
    private final String name;
    private final Addresses addresses;
    private final DockerProbe docker;
    private final List<LocalEngine> engines;
    private final GpuProbe gpus = new GpuProbe();
    private final Disks disks;

    private LocalMachine(
            String id, String name, Addresses addresses, Map<String, String> environment, LibvirtSettings libvirt) {
        this.id = id;
        this.name = name;
        this.addresses = addresses;
        this.docker = new DockerProbe(DockerEngine.usualHost(environment));
        this.disks = Disks.of(libvirt.isOff() ? null : libvirt.machines());
        this.engines = libvirt.isOff() ? List.of(docker) : List.of(docker, new LibvirtProbe(libvirt));
    }

    /**
     * @param idFile keeps its id: a machine that is renamed stays the same host
     * @param addresses where its environments are reached
     * @param environment the process's, for {@code DOCKER_HOST}
     */
    public static LocalMachine identifiedBy(
            Path idFile, Addresses addresses, Map<String, String> environment, LibvirtSettings libvirt)
            throws IOException {
        String name = hostName();
        String id = Files.exists(idFile) ? Files.readString(idFile).strip() : "";
        if (!id.equals(sanitized(id))) {
            id = "";
        }
        if (id.isEmpty()) {
            id = sanitized(name);
            Files.writeString(idFile, id + "\n");
        }
        return new LocalMachine(id, name, addresses, environment, libvirt);
    }

    /**
     * This machine under the id of a host that is registered already.
     *
     * @param addresses where its environments are reached
     * @param environment the process's, for {@code DOCKER_HOST}
     */
    public static LocalMachine registeredAs(
            String id, Addresses addresses, Map<String, String> environment, LibvirtSettings libvirt) {
        return new LocalMachine(id, hostName(), addresses, environment, libvirt);
    }

    /** Where its Docker engine is looked for. */
    public String engineAddress() {
        return docker.address();
    }

    @Override
    public HostReport report() throws IOException, InterruptedException {
        List<String> modes = new ArrayList<>();
        Map<String, String> facts = new TreeMap<>();
        for (LocalEngine engine : engines) {
            LocalEngine.Answer answer = engine.ask();
            if (answer.offers()) {
                modes.add(engine.mode().wireName());
            }
            facts.putAll(answer.facts());
        }
        var found = gpus.probe();
        facts.put("os", operatingSystem());
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("processor", System.getProperty("os.arch"));
        facts.putAll(found.facts());
        facts.putAll(disks.facts());
        if (!found.trouble().isEmpty()) {
            facts.put("gpu_trouble", found.trouble());
        }
        return new HostReport(
                id,
                name,
                addresses.reached(),
                addresses.bound(),
                List.copyOf(modes),
                engines.stream().map(LocalEngine::mode).collect(Collectors.toUnmodifiableSet()),
                Runtime.getRuntime().availableProcessors(),
                memory(),
                found.gpus(),
                facts);
    }

    /** Bytes; what a container's limit leaves of it, when we run in one. */
    private static long memory() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getTotalMemorySize();
    }

    /** Lower-case letters, digits and hyphens, 63 at most: fit for a host id, a queue's name and a label. */
    static String sanitized(String name) {
        String clean =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
        String cut = clean.substring(0, Math.min(clean.length(), 63)).replaceAll("-+$", "");
        return cut.isEmpty() ? "this-machine" : cut;
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "this-machine";
            }
        }
    }

    private static String operatingSystem() {
        try {
            return Files.readString(Path.of("/etc/os-release"))
                    .lines()
                    .filter(line -> line.startsWith("PRETTY_NAME="))
                    .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                    .findFirst()
                    .orElse("Linux");
        } catch (IOException e) {
            return "Linux";
        }
    }
}
