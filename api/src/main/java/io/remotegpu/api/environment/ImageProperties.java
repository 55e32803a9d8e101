package io.remotegpu.api.environment;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code remotegpu.images}: which image an environment gets, and which ones may be asked for.
 *
 * @param docker image by type for Docker; {@code remotegpu/<type>:1} where absent
 * @param k8s the same for Kubernetes
 * @param vm the same for virtual machines
 * @param simulated the same for the in-memory driver
 * @param allowed which images requests may name, where {@code *} stands for anything; the defaults of the types always,
 *     and by default no others
 */
@ConfigurationProperties("remotegpu.images")
record ImageProperties(
        @DefaultValue Map<EnvironmentType, String> docker,
        @DefaultValue Map<EnvironmentType, String> k8s,
        @DefaultValue Map<EnvironmentType, String> vm,
        @DefaultValue Map<EnvironmentType, String> simulated,
        @DefaultValue List<String> allowed) {

    String defaultImage(DeploymentMode mode, EnvironmentType type) {
        var images = switch (mode) {
            case DOCKER -> docker;
            case K8S -> k8s;
            case VM -> vm;
            case SIMULATED -> simulated;
        };
        return images.getOrDefault(type, "remotegpu/" + type.name().toLowerCase(Locale.ROOT) + ":1");
    }

    boolean allows(String image) {
        return Stream.of(EnvironmentType.values())
                        .flatMap(type -> Stream.of(DeploymentMode.values()).map(mode -> defaultImage(mode, type)))
                        .anyMatch(image::equals)
                || allowed.stream().anyMatch(form -> matches(form, image));
    }

    private static boolean matches(String form, String image) {
        var regex = Stream.of(form.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return image.matches(regex);
    }
}
