package io.remotegpu.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** libvirt by itself: {@code qemu-img create}, {@code virsh define} and {@code start} of the same machine, then the banner. */
final class RawLibvirt implements RawEngine {

    private static final String URI = "REMOTEGPU_LIBVIRT_URI";

    private final Program virsh;
    private final Program qemuImg = new Program("qemu-img");
    private final String title;
    private final SshBanner banner;
    private @Nullable Template template;

    /** What a copy is made from: the machine's own folder goes with it. */
    private record Template(DomainCopy domain, byte[] seed, String backing, String size) {}

    private RawLibvirt(Program virsh, String title, SshBanner banner) {
        this.virsh = virsh;
        this.title = title;
        this.banner = banner;
    }

    /** The libvirt of the server's settings. */
    static RawLibvirt connect(Map<String, String> environment, SshBanner banner)
            throws MissingException, InterruptedException {
        String uri = environment.getOrDefault(URI, "qemu:///system");
        if (uri.equals("off")) {
            throw new MissingException("virtual machines are switched off: " + URI + " says so");
        }
        var virsh = new Program("virsh", "-q", "-c", uri);
        try {
            String versions = virsh.run("version")
                    .lines()
                    .filter(line -> line.startsWith("Using library") || line.startsWith("Running hypervisor"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .reduce((library, hypervisor) -> library + ", " + hypervisor)
                    .orElse("libvirt");
            return new RawLibvirt(virsh, versions, banner);
        } catch (BenchException e) {
            throw new MissingException("no libvirt at " + uri + ": " + e.getMessage());
        }
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public void copyFrom(UUID environment) throws InterruptedException {
        var domain = DomainCopy.of(environment, virsh.run("dumpxml", "--inactive", environment.toString()));
        JsonNode disk = JsonMapper.shared()
                .readTree(qemuImg.run(
                        "info",
                        "-U",
                        "--output=json",
                        domain.folder().resolve("disk.qcow2").toString()));
        try {
            template = new Template(
                    domain,
                    Files.readAllBytes(domain.folder().resolve("seed.iso")),
                    disk.path("full-backing-filename").asString(),
                    disk.path("virtual-size").asString());
        } catch (IOException e) {
            throw new BenchException("the machine's seed cannot be read: " + e.getMessage() + "; is this its host?", e);
        }
    }

    @Override
    public long measure() throws InterruptedException {
        var like = Objects.requireNonNull(template, "copyFrom comes first");
        UUID id = UUID.randomUUID();
        int port = FreePort.at(like.domain().address());
        // Beside the installations' folders, where QEMU's user can pass.
        Path folder = Objects.requireNonNull(like.domain().folder().getParent()).resolveSibling("bench-" + id);
        try {
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            Path xml = Folders.write(folder.resolve("domain.xml"), like.domain().named(id, folder, port));
            long began = System.nanoTime();
            qemuImg.run(
                    "create",
                    "-q",
                    "-f",
                    "qcow2",
                    "-F",
                    "qcow2",
                    "-b",
                    like.backing(),
                    folder.resolve("disk.qcow2").toString(),
                    like.size());
            Files.write(folder.resolve("seed.iso"), like.seed());
            virsh.run("define", xml.toString());
            virsh.run("start", id.toString());
            banner.await(like.domain().address(), port);
            return System.nanoTime() - began;
        } catch (IOException e) {
            throw new BenchException("the raw machine's folder cannot be made: " + e.getMessage(), e);
        } finally {
            remove(id, folder);
        }
    }

    private void remove(UUID id, Path folder) throws InterruptedException {
        try {
            virsh.run("destroy", id.toString());
            virsh.run("undefine", id.toString());
        } catch (BenchException e) {
            System.err.println("bench: machine " + DomainCopy.name(id) + " stays: " + e.getMessage());
        }
        Folders.delete(folder);
    }

    @Override
    public void close() {}
}
