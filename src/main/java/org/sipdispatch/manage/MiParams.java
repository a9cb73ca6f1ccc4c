package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a command, by their names however they were given. Numbers may be texts, and the other way round. */
final class MiParams {
    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * Reads them.
     *
     * @param command what it takes
     * @param given an object or a list; null for none
     */
    static MiParams of(MiCommand command, JsonNode given) {
        MiParams params = new MiParams();
        if (given != null && given.isObject()) {
            given.properties().forEach(one -> params.put(command, one.getKey(), one.getValue()));
        } else if (given != null) {
            List<String> names = command.positions(given.size(), given.path(0).asText());
            for (int i = 0; i < given.size(); i++) {
                params.put(command, names.get(i), given.get(i));
            }
        }
        if (!params.values.keySet().containsAll(command.required())) {
            throw MiError.invalidParams("Too few or too many parameters");
        }
        return params;
    }

    private void put(MiCommand command, String name, JsonNode value) {
        if (!command.names().contains(name)) {
            throw MiError.invalidParams("Named parameters do not match");
        } else if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
            throw bad(name);
        }
        values.put(name, value.asText());
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Empty where it is not given. */
    String text(String name) {
        return values.getOrDefault(name, "").strip();
    }

    /** 0 where it is not given. */
    int number(String name) {
        try {
            return has(name) ? Integer.parseInt(text(name)) : 0;
        } catch (NumberFormatException e) {
            throw bad(name);
        }
    }

    private static MiError bad(String name) {
        return MiError.invalidParams("Bad type for parameter '" + name + "'");
    }
}
