package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.operations.OperationException;

/** The fields of a JSON body. A null counts as missing. */
final class JsonBodyFields {
    private static final int LONGEST_SHOWN = 100;

    private final JsonNode body;
    private final List<String> known;

    /** Refuses fields that are not in {@code known}. */
    JsonBodyFields(JsonNode body, List<String> known) {
        this.body = body;
        this.known = known;
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw OperationException.bad(
                        shortly(name), shortly(body.get(name).toString()), QueryParameters.oneOf(known));
            }
        }
    }

    boolean isKnown(String name) {
        return known.contains(name);
    }

    /** Whether the field is present and not null. */
    boolean has(String name) {
        return body.hasNonNull(name);
    }

    String text(String name, String otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        if (!body.get(name).isTextual()) {
            throw wrong(name, "a text");
        }
        return body.get(name).textValue();
    }

    /** A required text; refused if it is missing or blank. */
    String text(String name) {
        String text = text(name, "");
        if (text.isBlank()) {
            throw OperationException.bad(name, has(name) ? "\"" + text + "\"" : "nothing", "a text");
        }
        return text;
    }

    int integer(String name, int most, int otherwise) {
        return has(name) ? integer(name, most) : otherwise;
    }

    /** A required number from 0 to {@code most}. */
    int integer(String name, int most) {
        JsonNode value = body.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0 || value.intValue() > most) {
            throw wrong(name, "a number from 0 to " + most);
        }
        return value.intValue();
    }

    /** A required object whose values are whole numbers with 64 bits. */
    Map<String, Long> numbers(String name) {
        if (!has(name) || !body.get(name).isObject()) {
            throw wrong(name, "an object of whole numbers");
        }
        Map<String, Long> numbers = new LinkedHashMap<>();
        body.get(name).properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw OperationException.bad(
                        name + "." + shortly(entry.getKey()), shortly(value.toString()), "a whole number");
            }
            numbers.put(entry.getKey(), value.longValue());
        });
        return numbers;
    }

    /** False if the field is missing. */
    boolean flag(String name) {
        return flag(name, false);
    }

    boolean flag(String name, boolean otherwise) {
        if (has(name) && !body.get(name).isBoolean()) {
            throw wrong(name, "true or false");
        }
        return has(name) ? body.get(name).booleanValue() : otherwise;
    }

    private OperationException wrong(String name, String expected) {
        return OperationException.bad(name, has(name) ? shortly(body.get(name).toString()) : "nothing", expected);
    }

    private static String shortly(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }
}
