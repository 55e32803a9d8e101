package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.model.DeviceRequest;
import io.remotegpu.drivers.spi.GpuDevice;
import java.util.List;

/**
 * How exactly these GPUs, and no others, get into a container.
 *
 * @param requests what the engine is asked for
 * @param visibleDevices the value of {@code NVIDIA_VISIBLE_DEVICES}
 */
record GpuAttachment(List<DeviceRequest> requests, String visibleDevices) {

    /**
     * CUDA images say {@code all}, and where NVIDIA's runtime is the default one it would obey; {@code void} tells it to
     * keep its hands off.
     */
    private static final String NONE = "void";

    static GpuAttachment of(List<GpuDevice> gpus, GpuAccess access, DockerDriverSettings settings) {
        if (gpus.isEmpty()) {
            return new GpuAttachment(List.of(), NONE);
        }
        List<String> names = gpus.stream().map(settings.gpus().naming()::nameOf).toList();
        return switch (access) {
            case CDI -> {
                List<String> qualified = names.stream()
                        .map(name -> settings.gpus().cdiKind() + "=" + name)
                        .toList();
                yield new GpuAttachment(
                        List.of(new DeviceRequest().withDriver("cdi").withDeviceIds(qualified)), NONE);
            }
            case DEVICE_REQUEST ->
                new GpuAttachment(
                        List.of(new DeviceRequest()
                                .withDriver("nvidia")
                                .withDeviceIds(names)
                                .withCapabilities(List.of(List.of("gpu")))),
                        String.join(",", names));
            case AUTO -> throw new IllegalArgumentException("AUTO is decided by asking the engine");
        };
    }
}
