package io.remotegpu.api.web;

import io.remotegpu.db.environment.Setting;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;

/** A field that may be given, given as null, or left out, which are three things. */
final class SettingDeserializer extends StdDeserializer<Setting<?>> {

    private final @Nullable JavaType of;

    SettingDeserializer() {
        this(null);
    }

    private SettingDeserializer(@Nullable JavaType of) {
        super(Setting.class);
        this.of = of;
    }

    @Override
    public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
        var type = property == null ? context.getContextualType() : property.getType();
        return new SettingDeserializer(type.containedTypeOrUnknown(0));
    }

    @Override
    public Setting<?> deserialize(JsonParser parser, DeserializationContext context) {
        return new Setting<Object>(context.readValue(parser, of));
    }

    @Override
    public Object getNullValue(DeserializationContext context) {
        return new Setting<Object>(null);
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return null;
    }
}
