package io.remotegpu.api.docs;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.security.HostCaller;
import io.remotegpu.api.web.ByteSize;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.UserStatus;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springdoc.core.utils.SpringDocUtils;

/** Types that look different on the wire than in Java. */
final class DocumentedTypes {

    private static final String SIZE = "[0-9]{1,15}(Ki|Mi|Gi|Ti|K|M|G|T)?";
    private static final String DURATION = "[0-9]{1,6}[dhms]|PT[0-9]{1,6}[HMS]";

    static void register() {
        var documented = SpringDocUtils.getConfig();
        documented.addRequestWrapperToIgnore(Caller.class, HostCaller.class, PageRequest.class);
        documented.replaceWithSchema(ByteSize.class, size());
        documented.replaceWithSchema(
                Duration.class, text().pattern("^(" + DURATION + ")$").example("2h"));
        documented.replaceWithSchema(EnvironmentType.class, oneOf(EnvironmentType.values(), EnvironmentType::wireName));
        documented.replaceWithSchema(DeploymentMode.class, oneOf(DeploymentMode.values(), DeploymentMode::wireName));
        documented.replaceWithSchema(
                EnvironmentStatus.class, oneOf(EnvironmentStatus.values(), EnvironmentStatus::wireName));
        documented.replaceWithSchema(GpuStatus.class, oneOf(GpuStatus.values(), GpuStatus::wireName));
        documented.replaceWithSchema(HostStatus.class, oneOf(HostStatus.values(), HostStatus::wireName));
        documented.replaceWithSchema(Role.class, oneOf(Role.values(), Role::wireName));
        documented.replaceWithSchema(UserStatus.class, oneOf(UserStatus.values(), UserStatus::wireName));
    }

    private static Schema<Object> size() {
        var bytes = new Schema<Object>();
        bytes.setTypes(Set.of("integer"));
        bytes.setFormat("int64");
        bytes.setMinimum(BigDecimal.ZERO);
        var size = new Schema<Object>();
        size.setOneOf(List.of(bytes, text().pattern("^" + SIZE + "$")));
        size.setDescription("A number of bytes, or a number with a unit");
        size.setExample("16Gi");
        return size;
    }

    private static <E> Schema<Object> oneOf(E[] values, Function<E, String> name) {
        var schema = text();
        Stream.of(values).map(name).forEach(schema::addEnumItemObject);
        return schema;
    }

    private static Schema<Object> text() {
        var text = new Schema<Object>();
        text.setTypes(Set.of("string"));
        return text;
    }

    private DocumentedTypes() {}
}
