package io.remotegpu.bench;

import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine of one environment, as libvirt reports it.
 *
 * @param folder where its disk and its seed are
 * @param address from which SSH is forwarded
 * @param port from which SSH is forwarded
 */
record DomainCopy(UUID environment, String xml, Path folder, String address, int port) {

    private static final Pattern METADATA = Pattern.compile("<metadata>.*?</metadata>\\s*", Pattern.DOTALL);
    private static final Pattern DISK = Pattern.compile("<source file='([^']+)/disk\\.qcow2'");
    private static final Pattern FORWARD = Pattern.compile("hostfwd=tcp:([0-9.]+):([0-9]+)-");

    /** @param reported as {@code virsh dumpxml --inactive} prints it */
    static DomainCopy of(UUID environment, String reported) {
        Matcher forward = find(FORWARD, reported);
        return new DomainCopy(
                environment,
                METADATA.matcher(reported).replaceFirst(""),
                Path.of(find(DISK, reported).group(1)),
                forward.group(1),
                Integer.parseInt(forward.group(2)));
    }

    private static Matcher find(Pattern pattern, String xml) {
        Matcher matcher = pattern.matcher(xml);
        if (!matcher.find()) {
            throw new BenchException("the machine is not as expected: " + pattern + " is not in " + xml);
        }
        return matcher;
    }

    /** Not {@code remotegpu-…}, and without what RemoteGPU says of its machines: it is none of them. */
    static String name(UUID copy) {
        return "bench-" + copy;
    }

    /** Another one, with its own files and port. */
    String named(UUID copy, Path folder, int port) {
        return xml.replace(this.folder.toString(), folder.toString())
                .replace("remotegpu-" + environment, name(copy))
                .replace(environment.toString(), copy.toString())
                .replace("hostfwd=tcp:" + address + ":" + this.port + "-", "hostfwd=tcp:" + address + ":" + port + "-");
    }
}
