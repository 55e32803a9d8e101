package io.remotegpu.api.docs;

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
    private final Map<String, Class<?>> records = new ConcurrentHashMap<>();

    RecordModels(ObjectMapper mapper) {
        super(mapper.copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));
    }

    @Override
    public Schema<?> resolve(AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> next) {
        if (type.getType() != null) {
            var raw = _mapper.constructType(type.getType()).getRawClass();
            if (raw.isRecord()) {
                records.put(schemaName(raw), raw);
            }
        }
        return super.resolve(type, context, next);
    }

    @Override
    public void customise(OpenAPI api) {
        var schemas = api.getComponents().getSchemas();
        records.forEach((name, type) -> {
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
            var name = NAMES.translate(component.getName());
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
        if (property.getEnum() != null && !property.getEnum().contains(null)) {
            property.getEnum().add(null);
        }
        return property;
    }

    private static String schemaName(Class<?> type) {
        var named = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return named == null || named.name().isEmpty() ? type.getSimpleName() : named.name();
    }
}
