package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.exception.DockerException;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.PortBinding;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of the engine means. The engine tells most failures apart in its messages only, so this is a table of
 * messages, as recorded from engines 20.10 to 28.
 */
final class EngineErrors {

    private record Rule(Pattern message, ErrorKind kind, String remedy) {}

    private static final List<Rule> RULES = List.of(
            rule(
                    "no quota support|--storage-opt is",
                    ErrorKind.UNSUPPORTED,
                    "this engine cannot limit disks: put its data on xfs mounted with pquota, or set docker.disk-limits to auto"),
            rule(
                    "cannot assign requested address",
                    ErrorKind.UNSUPPORTED,
                    "this host does not have that address: correct the host's address"),
            rule(
                    "no space left on device|disk quota exceeded",
                    ErrorKind.NO_CAPACITY,
                    "the engine's disk is full: free some of it, for example by 'docker system df' and 'docker image prune'"),
            rule(
                    "no available ipv4 addresses|non-overlapping ipv4 address pool|all predefined address pools",
                    ErrorKind.NO_CAPACITY,
                    "the engine has no network address left: enlarge its address pools"),
            rule(
                    "could not select device driver",
                    ErrorKind.UNSUPPORTED,
                    "this engine cannot hand over GPUs: install the NVIDIA container toolkit, or enable CDI"),
            rule(
                    "unresolvable cdi devices|cdi device injection failed",
                    ErrorKind.NO_CAPACITY,
                    "the host's CDI specifications do not have that GPU: make them anew, for example by 'nvidia-ctk cdi generate'"),
            rule(
                    "nvidia-container-cli",
                    ErrorKind.NO_CAPACITY,
                    "the host cannot provide that GPU: see 'nvidia-smi' there"),
            rule("range of cpus is from", ErrorKind.NO_CAPACITY, "the host has fewer CPUs than it is registered with"),
            rule(
                    "cannot allocate memory|resource temporarily unavailable",
                    ErrorKind.NO_CAPACITY,
                    "the host is out of memory or processes"),
            rule("minimum memory limit", ErrorKind.INVALID_SPEC, "ask for more memory"),
            rule(
                    "invalid reference format|repository name must be",
                    ErrorKind.INVALID_SPEC,
                    "correct the image's name"),
            rule(
                    "could not find the file " + SecretFiles.FOLDER,
                    ErrorKind.INVALID_SPEC,
                    "not an image of RemoteGPU: build it on one of deploy/images"),
            rule(
                    "executable file not found|exec format error|oci runtime create failed.*permission denied|unable to find user|no matching entries in passwd",
                    ErrorKind.INVALID_SPEC,
                    "the image cannot run here: build it on one of deploy/images, for this processor"),
            rule(
                    "no such image",
                    ErrorKind.IMAGE_NOT_FOUND,
                    "correct the image's name, or build or load it on the host"),
            rule(
                    "removal of container .* is already in progress",
                    ErrorKind.OUTCOME_UNKNOWN,
                    "another removal is still running"));

    private static final List<Rule> PULL_RULES = List.of(
            rule(
                    "pull access denied|authentication required|unauthorized|no basic auth|access forbidden|denied:",
                    ErrorKind.PERMISSION_DENIED,
                    "the registry refuses us, or there is no such image: correct the image's name, or log the host in by 'docker login'"),
            rule(
                    "toomanyrequests|too many requests",
                    ErrorKind.PERMISSION_DENIED,
                    "the registry limits how often we may pull: log the host in, or put the image there by hand"),
            rule(
                    "manifest unknown|name unknown|not found",
                    ErrorKind.IMAGE_NOT_FOUND,
                    "correct the image's name, or build or load it on the host"));

    private static final Pattern TAKEN = Pattern.compile("port is already allocated|address already in use");
    /** "Bind for 127.0.0.1:80 failed", "listen tcp4 [::1]:80:", "failed to bind host port for 0.0.0.0:80:172.17.0.2:22". */
    private static final Pattern TAKEN_PORT = Pattern.compile(
            "(?:bind for|listen tcp[46]?|bind host port(?: for)?) (?:\\[[^]]*]|[0-9.]*|::):(\\d{1,5})\\b");

    private static final Pattern UNREACHABLE_REGISTRY = Pattern.compile(
            "dial tcp|lookup .* no such host|i/o timeout|tls handshake timeout|client.timeout|connection refused|"
                    + "connection reset|x509:|server gave http response|context deadline exceeded|\\beof\\b");

    private static final Pattern JSON_MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"((?:\\\\.|[^\"\\\\])*)\"");

    /**
     * What it means that the engine failed while doing that.
     *
     * @param doing names the thing, as the start of a sentence, for example {@code "starting remotegpu-…"}
     * @param ports those that were being published, if any
     */
    static DriverException explain(String doing, RuntimeException failure, List<PortBinding> ports) {
        if (failure instanceof DriverException explained) {
            return explained;
        }
        if (!(failure instanceof DockerException answered)) {
            return TransportErrors.explain(doing, failure);
        }
        String message = message(answered);
        String lower = message.toLowerCase(Locale.ROOT);
        if (TAKEN.matcher(lower).find()) {
            int port = takenPort(lower, ports);
            return DriverException.portTaken(
                    port, doing + ": host port " + port + " is in use by something else: " + message, failure);
        }
        DriverException known = byRule(RULES, doing, answered);
        return known != null
                ? known
                : new DriverException(byStatus(answered.getHttpStatus()), doing + ": " + message, failure);
    }

    /** As {@link #explain}, for a pull, where not to reach the registry means that the image is not to be had. */
    static DriverException explainPull(String image, RuntimeException failure) {
        String doing = "pulling image " + image;
        if (failure instanceof DockerException answered) {
            String message = message(answered);
            if (UNREACHABLE_REGISTRY.matcher(message.toLowerCase(Locale.ROOT)).find()) {
                return new DriverException(
                        ErrorKind.IMAGE_NOT_FOUND,
                        "image " + image + " is not on the host, and its registry cannot be reached: " + message
                                + "; build or load it on the host, or open the way to the registry",
                        failure);
            }
            DriverException known = byRule(PULL_RULES, doing, answered);
            if (known != null) {
                return known;
            }
        }
        return explain(doing, failure, List.of());
    }

    static boolean networkMissing(RuntimeException failure, String network) {
        return failure instanceof DockerException answered
                && message(answered).contains("network " + network + " not found");
    }

    /** The engine's own words, without the client's wrapping. */
    static String message(DockerException failure) {
        String text = String.valueOf(failure.getMessage());
        Matcher json = JSON_MESSAGE.matcher(text);
        String message = json.find() ? json.group(1).replaceAll("\\\\n", " ").replaceAll("\\\\(.)", "$1") : text;
        return message.strip();
    }

    private static @Nullable DriverException byRule(List<Rule> rules, String doing, DockerException failure) {
        String message = message(failure);
        String lower = message.toLowerCase(Locale.ROOT);
        for (Rule rule : rules) {
            if (rule.message.matcher(lower).find()) {
                return new DriverException(rule.kind, doing + ": " + message + "; " + rule.remedy, failure);
            }
        }
        return null;
    }

    private static ErrorKind byStatus(int status) {
        return switch (status) {
            case 400 -> ErrorKind.INVALID_SPEC;
            case 401, 403 -> ErrorKind.PERMISSION_DENIED;
            // What we were working on has gone: the same call finds out.
            case 404 -> ErrorKind.OUTCOME_UNKNOWN;
            case 409 -> ErrorKind.CONFLICT;
            case 501 -> ErrorKind.UNSUPPORTED;
            case 503 -> ErrorKind.ENGINE_UNAVAILABLE;
            default -> ErrorKind.OUTCOME_UNKNOWN;
        };
    }

    /** 0 where the engine does not say. */
    private static int takenPort(String lower, List<PortBinding> ports) {
        Matcher named = TAKEN_PORT.matcher(lower);
        if (named.find()) {
            return Integer.parseInt(named.group(1));
        }
        return ports.size() == 1
                ? ports.getFirst().port()
                : ports.stream()
                        .mapToInt(PortBinding::port)
                        .filter(port -> lower.contains(":" + port))
                        .findFirst()
                        .orElse(0);
    }

    private static Rule rule(String message, ErrorKind kind, String remedy) {
        return new Rule(Pattern.compile(message), kind, remedy);
    }

    private EngineErrors() {}
}
