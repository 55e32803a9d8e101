package io.remotegpu.api.docs;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * Schemas of our records: names in snake case, and what is {@code @Nullable} may be null. That annotation stands on types,
 * where springdoc does not look.
 */
final class RecordModels extends ModelResolver implements OpenApiCustomizer {

    private static final PropertyNamingStrategies.NamingBase NAMES =
            (PropertyNamingStrategies.NamingBase) PropertyNamingStrategies.SNAKE_CASE;

    /** Of the whole process, because Swagger's converters are: the resolver asked may be another application's. */
    private static final Map<String, Class<?>> RECORDS = new ConcurrentHashMap<>();

    RecordModels(ObjectMapper mapper) {
        super(mapper.copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));
        openapi31(true);
    }

    @Override
    public Schema<?> resolve(AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> next) {
        if (type.getType() != null) {
            var raw = _mapper.constructType(type.getType()).getRawClass();
            var documented = DocumentedTypes.schemaOf(raw);
            if (documented != null) {
                return documented;
            }
            if (raw.isRecord()) {
                RECORDS.put(schemaName(raw), raw);
            }
        }
        return super.resolve(type, context, next);
    }

    @Override
    public void customise(OpenAPI api) {
        var schemas = api.getComponents().getSchemas();
        RECORDS.forEach((name, type) -> {
            var schema = schemas.get(name);
            if (schema != null && schema.getProperties() != null) {
                allowNulls(schema, type);
            }
        });
    }

    private static void allowNulls(Schema<?> schema, Class<?> type) {
        for (var component : type.getRecordComponents()) {
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                continue;
            }
            var renamed = component.getAccessor().getAnnotation(JsonProperty.class);
            var name = renamed == null ? NAMES.translate(component.getName()) : renamed.value();
            var property = schema.getProperties().get(name);
            if (property != null) {
                schema.getProperties().put(name, nullable(property));
            }
        }
    }

    private static Schema<?> nullable(Schema<?> property) {
        if (property.get$ref() != null || property.getOneOf() != null) {
            var nothing = new Schema<Object>();
            nothing.setTypes(Set.of("null"));
            var either = new Schema<Object>();
            either.setAnyOf(new ArrayList<>());
            either.getAnyOf().add(property);
            either.getAnyOf().add(nothing);
            return either;
        }
        if (property.getTypes() != null) {
            var types = new LinkedHashSet<>(property.getTypes());
            types.add("null");
            property.setTypes(types);
        }
        return withNull(property);
    }

    private static <T> Schema<T> withNull(Schema<T> property) {
        if (property.getEnum() != null && !property.getEnum().contains(null)) {
            var values = new ArrayList<>(property.getEnum());
            values.add(null);
            property.setEnum(values);
        }
        return property;
    }

    private static String schemaName(Class<?> type) {
        var named = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return named == null || named.name().isEmpty() ? type.getSimpleName() : named.name();
    }
}
