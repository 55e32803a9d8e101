package io.remotegpu.chaos;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of its own in a Kubernetes cluster that others use, too. So the cluster itself is left alone: what is broken is
 * the network to its API server, and the pods of the namespace.
 */
final class ClusterEngine implements Engine {

    private static final String NAMESPACE = """
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s",
             "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}""";
    /** Node ports are the whole cluster's: few, and not where ranges begin. */
    private static final String PORT_MIN = "32300";

    private static final String PORT_MAX = "32767";
    private static final String OURS = "remotegpu.io/environment";

    private final Path kubeconfig;
    private final Path theirs;
    private final String namespace;
    private final @Nullable Cable cable;

    private ClusterEngine(Path kubeconfig, Path theirs, String namespace, @Nullable Cable cable) {
        this.kubeconfig = kubeconfig;
        this.theirs = theirs;
        this.namespace = namespace;
        this.cable = cable;
    }

    /** @param work gets a file with the cluster's credentials, in which its API server is at the end of a cable */
    static ClusterEngine start(Path kubeconfig, Path work) throws IOException, InterruptedException {
        String namespace = "remotegpu-chaos-" + HexFormat.of().toHexDigits(new Random().nextInt());
        String config = said(kubeconfig, "config", "view", "--raw", "--minify", "--flatten");
        String server = said(kubeconfig, "config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}")
                .strip();
        var address = URI.create(server);
        Cable cable = null;
        Path theirs = kubeconfig;
        // Elsewhere, its certificate would not be for the near end.
        if ("127.0.0.1".equals(address.getHost())) {
            cable = new Cable(Place.HERE.here(), address::getAuthority);
            theirs = Files.createFile(
                    work.resolve("kubeconfig"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(theirs, config.replace(server, "https://" + cable.address()));
        }
        var made = kubectl(kubeconfig, NAMESPACE.formatted(namespace), List.of("create", "-f", "-"));
        if (made.failed()) {
            throw new ChaosException(
                    "no namespace can be made in the cluster of " + kubeconfig + ": " + made.trouble());
        }
        return new ClusterEngine(kubeconfig, theirs, namespace, cable);
    }

    private static String said(Path kubeconfig, String... words) throws InterruptedException {
        var said = kubectl(kubeconfig, "", List.of(words));
        if (said.failed()) {
            throw new ChaosException(kubeconfig + " cannot be read: " + said.trouble());
        }
        return said.text();
    }

    @Override
    public Mode mode() {
        return Mode.K8S;
    }

    @Override
    public Set<Breakage.Circumstance> circumstances() {
        return Set.of(Breakage.Circumstance.CLUSTER);
    }

    @Override
    public boolean isOfAMachine() {
        return false;
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "REMOTEGPU_KUBERNETES_CLUSTERS_CHAOS_KUBECONFIG",
                theirs.toString(),
                "REMOTEGPU_KUBERNETES_CLUSTERS_CHAOS_NAMESPACE",
                namespace,
                "REMOTEGPU_KUBERNETES_CLUSTERS_CHAOS_PORTMIN",
                PORT_MIN,
                "REMOTEGPU_KUBERNETES_CLUSTERS_CHAOS_PORTMAX",
                PORT_MAX);
    }

    @Override
    public Map<String, Boolean> environments() throws IOException, InterruptedException {
        var found = new TreeMap<String, Boolean>();
        // Whatever the namespace has of an environment, and of anybody's: it is nobody else's.
        for (String line : inNamespace(
                        "get",
                        "pods,persistentvolumeclaims,services,secrets,networkpolicies,ingresses",
                        "-l",
                        OURS,
                        "-o",
                        "jsonpath={range .items[*]}{.kind} {.metadata.labels.remotegpu\\.io/environment} {.status.phase}"
                                + " {.metadata.deletionTimestamp}{\"\\n\"}{end}")
                .answer()) {
            String[] words = line.split(" ");
            boolean runs = words[0].equals("Pod") && words.length == 3 && words[2].equals("Running");
            found.merge(words[1], runs, Boolean::logicalOr);
        }
        return found;
    }

    @Override
    public boolean carryOut(Schedule.Entry entry) throws InterruptedException {
        return switch (entry.breakage()) {
            case SERVER_CUT_FROM_CLUSTER -> cable != null && cable.cutFor(entry.cut(), entry.length());
            case POD_DELETED -> delete(entry, List.of());
            case POD_DELETED_BY_FORCE -> delete(entry, List.of("--grace-period=0", "--force"));
            case POD_KILLED -> Processes.kill(processes(pod(entry)));
            case POD_PAUSED ->
                Processes.pause(processes(pod(entry)), entry.length().dividedBy(4));
            default -> throw new IllegalArgumentException(entry.breakage() + " is nothing that happens to a cluster");
        };
    }

    private boolean delete(Schedule.Entry entry, List<String> how) throws InterruptedException {
        var pod = pod(entry);
        if (pod == null) {
            return false;
        }
        var line = new ArrayList<>(List.of("delete", "pod", pod.name(), "--wait=false"));
        line.addAll(how);
        return !inNamespace(line.toArray(String[]::new)).failed();
    }

    private record Pod(String name, String uid) {}

    private @Nullable Pod pod(Schedule.Entry entry) throws InterruptedException {
        var there = inNamespace(
                        "get",
                        "pods",
                        "-l",
                        OURS,
                        "-o",
                        "jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{\"\\n\"}{end}")
                .lines();
        if (there.isEmpty()) {
            return null;
        }
        String[] words = there.get((int) (entry.choice() * there.size())).split(" ");
        return new Pod(words[0], words[1]);
    }

    /** Of its container, on a node that is this machine; not that which holds its network. */
    private static List<ProcessHandle> processes(@Nullable Pod pod) {
        return pod == null
                ? List.of()
                : ProcessHandle.allProcesses()
                        .filter(process -> isOf(process, pod)
                                && !Processes.commandLine(process).startsWith("/pause"))
                        .toList();
    }

    private static boolean isOf(ProcessHandle process, Pod pod) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cgroup"), StandardCharsets.ISO_8859_1)
                    .contains("/pod" + pod.uid());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void mend() {
        if (cable != null) {
            cable.mend();
        }
    }

    @Override
    public void clear() throws InterruptedException {
        if (cable != null) {
            cable.close();
        }
        kubectl(kubeconfig, "", List.of("delete", "namespace", namespace, "--ignore-not-found", "--wait=false"));
    }

    private Command inNamespace(String... words) throws InterruptedException {
        var line = new ArrayList<>(List.of("--namespace", namespace));
        line.addAll(List.of(words));
        return kubectl(kubeconfig, "", line);
    }

    private static Command kubectl(Path kubeconfig, String input, List<String> words) throws InterruptedException {
        var line = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString(), "--request-timeout=30s"));
        line.addAll(words);
        return Command.call(Map.of(), input, line);
    }
}
