package io.remotegpu.api.docs;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.security.HostCaller;
import io.remotegpu.api.security.Scope;
import io.remotegpu.api.web.ByteSize;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.UserStatus;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.utils.SpringDocUtils;

/** Types that look different on the wire than in Java. */
final class DocumentedTypes {

    private static final String SIZE = "[0-9]{1,15}(Ki|Mi|Gi|Ti|K|M|G|T)?";
    private static final String DURATION = "[0-9]{1,6}[dhms]|PT[0-9]{1,6}[HMS]";

    private static final Map<Class<?>, List<String>> ENUMS = Map.of(
            EnvironmentType.class, names(EnvironmentType.values(), EnvironmentType::wireName),
            DeploymentMode.class, names(DeploymentMode.values(), DeploymentMode::wireName),
            EnvironmentStatus.class, names(EnvironmentStatus.values(), EnvironmentStatus::wireName),
            GpuStatus.class, names(GpuStatus.values(), GpuStatus::wireName),
            HostStatus.class, names(HostStatus.values(), HostStatus::wireName),
            Role.class, names(Role.values(), Role::wireName),
            UserStatus.class, names(UserStatus.values(), UserStatus::wireName),
            Scope.class, names(Scope.values(), Scope::wireName));

    /** What springdoc has to leave out. */
    static void register() {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class, HostCaller.class, PageRequest.class);
    }

    /** The schema of a type that looks different on the wire, or null; a new one each time, because springdoc changes it. */
    static @Nullable Schema<?> schemaOf(Class<?> type) {
        if (type == ByteSize.class) {
            return size();
        }
        if (type == Duration.class) {
            return text().pattern("^(" + DURATION + ")$").example("2h");
        }
        var names = ENUMS.get(type);
        if (names == null) {
            return null;
        }
        var schema = text();
        names.forEach(schema::addEnumItemObject);
        return schema;
    }

    private static Schema<Object> size() {
        Schema<Object> bytes = new JsonSchema();
        bytes.setTypes(Set.of("integer"));
        bytes.setFormat("int64");
        bytes.setMinimum(BigDecimal.ZERO);
        Schema<Object> size = new JsonSchema();
        size.setOneOf(List.of(bytes, text().pattern("^" + SIZE + "$")));
        size.setDescription("A number of bytes, or a number with a unit");
        size.setExample("16Gi");
        return size;
    }

    private static <E> List<String> names(E[] values, Function<E, String> name) {
        return Stream.of(values).map(name).toList();
    }

    private static Schema<Object> text() {
        Schema<Object> text = new JsonSchema();
        text.setTypes(Set.of("string"));
        return text;
    }

    private DocumentedTypes() {}
}
