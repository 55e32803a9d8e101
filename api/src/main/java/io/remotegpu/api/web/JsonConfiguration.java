package io.remotegpu.api.web;

import io.remotegpu.db.environment.Setting;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.UserStatus;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentType;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** JSON in snake case, and strict: what a request says twice, wrongly or beyond the schema is refused, not guessed. */
@Configuration(proxyBeanMethods = false)
class JsonConfiguration {

    @Bean
    JsonMapperBuilderCustomizer strictSnakeCase() {
        return builder -> builder.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .addModule(requestTypes());
    }

    private static SimpleModule requestTypes() {
        return new SimpleModule("remotegpu")
                .addDeserializer(String.class, new StrictText<>(String.class, text -> text))
                .addDeserializer(Setting.class, setting())
                .addDeserializer(ByteSize.class, new SizeDeserializer())
                .addDeserializer(Duration.class, new StrictText<>(Duration.class, DurationText::parse))
                .addDeserializer(
                        EnvironmentType.class, new StrictText<>(EnvironmentType.class, EnvironmentType::fromWireName))
                .addDeserializer(
                        DeploymentMode.class, new StrictText<>(DeploymentMode.class, DeploymentMode::fromWireName))
                .addDeserializer(GpuStatus.class, new StrictText<>(GpuStatus.class, GpuStatus::fromWireName))
                .addDeserializer(Role.class, new StrictText<>(Role.class, Role::fromWireName))
                .addDeserializer(UserStatus.class, new StrictText<>(UserStatus.class, UserStatus::fromWireName));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ValueDeserializer<Setting> setting() {
        return (ValueDeserializer) new SettingDeserializer();
    }

    /** A JSON string and nothing else; without what no column and no engine can hold. */
    private static final class StrictText<T> extends StdDeserializer<T> {

        private final transient Function<String, T> reader;

        StrictText(Class<T> type, Function<String, T> reader) {
            super(type);
            this.reader = reader;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                return context.reportInputMismatch(this, "must be a string");
            }
            var text = parser.getString();
            var fault = TextFaults.of(text);
            if (fault != null) {
                return context.reportInputMismatch(this, "%s", fault);
            }
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException e) {
                return context.reportInputMismatch(this, "%s", e.getMessage());
            }
        }
    }

    private static final class SizeDeserializer extends StdDeserializer<ByteSize> {

        SizeDeserializer() {
            super(ByteSize.class);
        }

        @Override
        public ByteSize deserialize(JsonParser parser, DeserializationContext context) {
            try {
                return switch (parser.currentToken()) {
                    case VALUE_NUMBER_INT -> ByteSize.parse(parser.getString());
                    case VALUE_STRING -> ByteSize.parse(parser.getString());
                    default ->
                        context.reportInputMismatch(this, "must be a number of bytes or a text such as \"16Gi\"");
                };
            } catch (IllegalArgumentException e) {
                return context.reportInputMismatch(this, "%s", e.getMessage());
            }
        }
    }
}
