package io.remotegpu.standalone.e2e;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** What these tests need of the machine. What is missing skips them, or fails them where nothing may be missing. */
final class Needs {

    private static final Map<String, String> ENV = System.getenv();

    /** Of {@code REMOTEGPU_TEST_DOCKER_HOST}, with the environment images. */
    static String engine() {
        String host = ENV.getOrDefault("REMOTEGPU_TEST_DOCKER_HOST", "");
        return host.isBlank() ? missing("REMOTEGPU_TEST_DOCKER_HOST does not name a Docker engine") : host;
    }

    /** Of {@code REMOTEGPU_TEST_MACHINE_DOCKER_HOST}, with the image of a terminal. */
    static Machine secondMachine() {
        String host = ENV.getOrDefault("REMOTEGPU_TEST_MACHINE_DOCKER_HOST", "");
        return new Machine(
                host.isBlank()
                        ? missing("REMOTEGPU_TEST_MACHINE_DOCKER_HOST names no engine of a second machine")
                        : host);
    }

    /** Of {@code REMOTEGPU_TEST_KUBECONFIG}, with the environment images on its real node. */
    static Path kubeconfig() {
        String file = ENV.getOrDefault("REMOTEGPU_TEST_KUBECONFIG", "");
        return Path.of(file.isBlank() ? missing("REMOTEGPU_TEST_KUBECONFIG names no cluster") : file);
    }

    /** Of {@code REMOTEGPU_TEST_LIBVIRT_URI}. */
    static String libvirt() {
        String uri = ENV.getOrDefault("REMOTEGPU_TEST_LIBVIRT_URI", "");
        return uri.isBlank() ? missing("REMOTEGPU_TEST_LIBVIRT_URI does not name a libvirt") : uri;
    }

    /** Of {@code REMOTEGPU_TEST_LIBVIRT_IMAGES}, or the usual folder; with the small guest's. */
    static Path machineImages() {
        Path images = Path.of(ENV.getOrDefault("REMOTEGPU_TEST_LIBVIRT_IMAGES", "/var/lib/remotegpu/vm/images"));
        return Files.exists(images.resolve("remotegpu/terminal/mini"))
                ? images
                : Path.of(missing("the small guest is not in " + images + ": deploy/images/vm/build.sh --folder "
                        + images + " mini"));
    }

    /** {@code REMOTEGPU_TEST_PROMTOOL}, of Prometheus. */
    static String promtool() {
        String promtool = ENV.getOrDefault("REMOTEGPU_TEST_PROMTOOL", "");
        return promtool.isBlank() ? missing("REMOTEGPU_TEST_PROMTOOL does not name Prometheus's promtool") : promtool;
    }

    /** Prometheus itself, which comes with promtool. */
    static String prometheus() {
        Path prometheus = Path.of(promtool()).resolveSibling("prometheus");
        return Files.isExecutable(prometheus) ? prometheus.toString() : missing(prometheus + " is not there");
    }

    static Path temporalCli() {
        return Stream.of(
                        ENV.getOrDefault("REMOTEGPU_TEST_TEMPORAL_CLI", ""),
                        ENV.getOrDefault("REMOTEGPU_TEMPORAL_CLI", ""))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .findFirst()
                .or(Needs::cachedTemporalCli)
                .orElseGet(() -> Path.of(missing("REMOTEGPU_TEST_TEMPORAL_CLI names no Temporal CLI")));
    }

    /** The jar that people start; there after the phase package. */
    static Path jar() {
        Path jar = module().resolve("target/remotegpu.jar");
        return Files.exists(jar) ? jar : Path.of(missing(jar + " is not there: run mvn package first"));
    }

    /** The agent's jar; there after the phase package of deploy/agent. */
    static Path agentJar() {
        Path jar = module().resolve("../agent/target/remotegpu-agent.jar").normalize();
        return Files.exists(jar)
                ? jar
                : Path.of(missing(jar + " is not there: run mvn package -pl deploy/agent -am first"));
    }

    /** The launcher that people call. */
    static Path launcher() {
        return module().resolve("../../remotegpu").normalize();
    }

    private static Path module() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    }

    private static java.util.Optional<Path> cachedTemporalCli() {
        String home = System.getProperty("user.home");
        Path cache = Path.of(ENV.getOrDefault(
                        "REMOTEGPU_CACHE", ENV.getOrDefault("XDG_CACHE_HOME", home + "/.cache") + "/remotegpu"))
                .resolve("temporal");
        if (!Files.isDirectory(cache)) {
            return java.util.Optional.empty();
        }
        try (var files = Files.list(cache)) {
            return files.filter(file -> file.getFileName().toString().startsWith("temporal-"))
                    .filter(Files::isExecutable)
                    .findFirst();
        } catch (java.io.IOException e) {
            return java.util.Optional.empty();
        }
    }

    private static String missing(String what) {
        if ("true".equals(ENV.get("CI")) || "all".equals(ENV.get("REMOTEGPU_TEST_REQUIRE"))) {
            return fail(what);
        }
        return abort(what);
    }

    private Needs() {}
}
