package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a command by name. Accepts a text for a number, and the reverse. */
final class MiParams {
    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * Parses the parameters.
     *
     * @param command the command that defines them
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

    /** The text; empty if it is missing. */
    String text(String name) {
        return values.getOrDefault(name, "").strip();
    }

    /** The number; 0 if it is missing. */
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
