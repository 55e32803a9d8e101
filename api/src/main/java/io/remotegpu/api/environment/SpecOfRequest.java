package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.ByteSize;
import io.remotegpu.api.web.FieldError;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Makes the spec of a request, once: what depends on settings, on the caller or on several fields is checked here. */
@Component
@EnableConfigurationProperties(ImageProperties.class)
class SpecOfRequest {

    private static final int MOST_ENV_BYTES = 32 * 1024;
    /** What the images and the drivers set themselves, or what would change how they start. */
    private static final List<String> RESERVED_BEGINNINGS = List.of("REMOTEGPU_", "LD_", "NVIDIA_");

    private static final Set<String> RESERVED = Set.of("HOME", "USER", "LOGNAME", "SHELL", "PATH");

    private final ImageProperties images;
    private final HostRepository hosts;
    private final Waits waits;
    private final IdleLimits idle;
    private final TimetableLimits timetables;

    SpecOfRequest(
            ImageProperties images, HostRepository hosts, Waits waits, IdleLimits idle, TimetableLimits timetables) {
        this.timetables = timetables;
        this.idle = idle;
        this.waits = waits;
        this.images = images;
        this.hosts = hosts;
    }

    /** The spec; throws a problem that names every field at fault. */
    EnvironmentSpec of(NewEnvironmentRequest request, Caller caller) {
        var env = request.env() == null ? Map.<String, String>of() : request.env();
        var gpu = request.gpu() == null ? 0 : request.gpu();
        var image = request.image() == null
                ? images.defaultImage(request.deploymentMode(), request.environmentType())
                : request.image();
        check(request, caller, env, gpu, image);
        var gpuMemoryMin = request.gpuMemoryMin();
        return new EnvironmentSpec(
                request.name(),
                request.environmentType(),
                request.deploymentMode(),
                request.cpu(),
                request.memory().bytes(),
                gpu,
                request.storage().bytes(),
                image,
                env,
                request.gpuModel(),
                gpuMemoryMin == null ? null : gpuMemoryMin.bytes(),
                request.hostId(),
                request.idleTimeout(),
                request.priority() == null ? 0 : request.priority());
    }

    private void check(NewEnvironmentRequest request, Caller caller, Map<String, String> env, int gpu, String image) {
        var errors = new ArrayList<FieldError>();
        if (!images.allows(image)) {
            errors.add(new FieldError(
                    "image",
                    "'" + image + "' is not allowed here: leave it out"
                            + (images.allowed().isEmpty() ? "" : ", or take one of " + images.allowed())));
        }
        idle.fault(request.idleTimeout()).ifPresent(errors::add);
        errors.addAll(timetables.faults(request.maxLifetime(), request.schedule()));
        waits.fault(request.waitForRoom(), request.waitTimeout()).ifPresent(errors::add);
        if (gpu == 0 && request.gpuModel() != null) {
            errors.add(new FieldError("gpu_model", "needs gpu to be at least 1"));
        }
        if (gpu == 0 && request.gpuMemoryMin() != null) {
            errors.add(new FieldError("gpu_memory_min", "needs gpu to be at least 1"));
        }
        env.keySet().stream()
                .filter(SpecOfRequest::isReserved)
                .sorted()
                .forEach(
                        name -> errors.add(
                                new FieldError(
                                        "env[" + name + "]",
                                        "is reserved, as are REMOTEGPU_…, LD_…, NVIDIA_…, HOME, USER, LOGNAME, SHELL and PATH: choose another name")));
        if (bytes(env) > MOST_ENV_BYTES) {
            errors.add(new FieldError("env", "must have at most " + ByteSize.show(MOST_ENV_BYTES) + " in all"));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
        checkHost(request, caller);
    }

    private static boolean isReserved(String name) {
        return RESERVED.contains(name) || RESERVED_BEGINNINGS.stream().anyMatch(name::startsWith);
    }

    private void checkHost(NewEnvironmentRequest request, Caller caller) {
        var hostId = request.hostId();
        if (hostId == null) {
            return;
        }
        if (!caller.admin()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "forbidden",
                    "Only admins choose a host: leave host_id out.",
                    List.of(new FieldError("host_id", "is for admins: leave it out")));
        }
        if (hosts.findById(hostId).isEmpty()) {
            throw ProblemException.invalid("host_id", "there is no host '" + hostId + "'");
        }
    }

    private static long bytes(Map<String, String> env) {
        return env.entrySet().stream()
                .mapToLong(variable ->
                        variable.getKey().length() + variable.getValue().getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }
}
