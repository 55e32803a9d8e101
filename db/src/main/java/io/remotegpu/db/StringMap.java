package io.remotegpu.db;

import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A flat {@code jsonb} column: a type of its own, because Spring Data takes a plain map for a table of children. */
public record StringMap(Map<String, String> values) {

    private static final JsonMapper JSON = new JsonMapper();

    public StringMap {
        values = Map.copyOf(values);
    }

    /** As JSON text, to be cast to {@code jsonb}. */
    public String toJson() {
        return JSON.writeValueAsString(values);
    }

    /** The map of that JSON object. */
    public static StringMap ofJson(String json) {
        return new StringMap(JSON.readValue(json, new TypeReference<Map<String, String>>() {}));
    }
}
