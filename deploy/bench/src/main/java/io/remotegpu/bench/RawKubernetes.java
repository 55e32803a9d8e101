package io.remotegpu.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A cluster by itself: {@code kubectl apply} of the same objects, then the banner at the same node port. */
final class RawKubernetes implements RawEngine {

    private static final String SETTINGS = "REMOTEGPU_KUBERNETES_CLUSTERS_MAIN_";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Program kubectl;
    private final String title;
    private final Path folder;
    private final SshBanner banner;
    private @Nullable PodCopy template;

    private RawKubernetes(Program kubectl, String title, Path folder, SshBanner banner) {
        this.kubectl = kubectl;
        this.title = title;
        this.folder = folder;
        this.banner = banner;
    }

    /** The cluster {@code main} of the server's settings. */
    static RawKubernetes connect(Map<String, String> environment, SshBanner banner)
            throws MissingException, InterruptedException {
        String kubeconfig = environment.getOrDefault(SETTINGS + "KUBECONFIG", "");
        if (kubeconfig.isBlank()) {
            throw new MissingException("no cluster: " + SETTINGS + "KUBECONFIG names none");
        }
        String namespace = environment.getOrDefault(SETTINGS + "NAMESPACE", "remotegpu-environments");
        Path folder = Folders.temporary("remotegpu-bench-pods");
        var start = new ArrayList<>(List.of(
                "kubectl",
                "--kubeconfig",
                kubeconfig,
                "--namespace",
                namespace,
                // What it learns of the cluster it keeps, as on a person's machine, but not there.
                "--cache-dir",
                folder.resolve("cache").toString()));
        String context = environment.getOrDefault(SETTINGS + "CONTEXT", "");
        if (!context.isBlank()) {
            start.addAll(List.of("--context", context));
        }
        var kubectl = new Program(start);
        try {
            return new RawKubernetes(kubectl, title(kubectl, namespace), folder, banner);
        } catch (MissingException e) {
            Folders.delete(folder);
            throw e;
        }
    }

    private static String title(Program kubectl, String namespace) throws MissingException, InterruptedException {
        JsonNode version;
        try {
            version = JSON.readTree(kubectl.run("version", "-o", "json", "--request-timeout=10s"));
        } catch (BenchException e) {
            throw new MissingException("no cluster: " + e.getMessage());
        }
        try {
            kubectl.run("get", "namespace", namespace);
        } catch (BenchException e) {
            // Who may not look at namespaces may still work in this one.
            if (String.valueOf(e.getMessage()).contains("NotFound")) {
                throw new MissingException("the cluster has no namespace " + namespace
                        + ": kubectl apply -f deploy/kubernetes/role.yaml, or name another by " + SETTINGS
                        + "NAMESPACE");
            }
        }
        return "Kubernetes " + version(version, "serverVersion") + ", kubectl " + version(version, "clientVersion");
    }

    private static String version(JsonNode of, String side) {
        return of.path(side).path("gitVersion").asString("?");
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public void copyFrom(UUID environment) throws InterruptedException {
        String name = "remotegpu-" + environment;
        // In the order in which the driver makes them.
        template = PodCopy.of(
                environment,
                JSON.readTree(kubectl.run(
                        "get",
                        "-o",
                        "json",
                        "persistentvolumeclaim/" + name + "-home",
                        "secret/" + name,
                        "networkpolicy/" + name,
                        "service/" + name,
                        "pod/" + name)));
    }

    @Override
    public long measure() throws InterruptedException {
        var like = Objects.requireNonNull(template, "copyFrom comes first");
        String manifests = Folders.write(folder.resolve("manifests.json"), like.named(UUID.randomUUID()))
                .toString();
        try {
            long began = System.nanoTime();
            kubectl.run("apply", "-f", manifests);
            banner.await(like.address(), like.nodePort());
            return System.nanoTime() - began;
        } finally {
            remove(manifests);
        }
    }

    private void remove(String manifests) throws InterruptedException {
        try {
            kubectl.run("delete", "-f", manifests, "--now", "--ignore-not-found", "--timeout=2m");
        } catch (BenchException e) {
            System.err.println("bench: objects with the label " + PodCopy.LABEL + " stay: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        Folders.delete(folder);
    }
}
