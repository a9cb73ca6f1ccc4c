package org.sipdispatch.sets;

import java.util.List;
import java.util.stream.Stream;

/** Reads the attributes of a destination of the form {@code key=value;key=value}; other text is ignored. */
public final class Attrs {
    private static final int MOST_DIGITS = 7;

    private Attrs() {}

    /** The value of a key, without blanks around it; null if there is none. */
    public static String value(String attrs, String key) {
        if (attrs == null || !attrs.contains(key)) {
            return null;
        }
        for (String item : attrs.split(";")) {
            int equals = item.indexOf('=');
            if (equals > 0 && item.substring(0, equals).strip().equals(key)) {
                return item.substring(equals + 1).strip();
            }
        }
        return null;
    }

    /** The whole number from 0 to 9,999,999 of a key; {@code otherwise} if there is none. */
    public static int number(String attrs, String key, int otherwise) {
        String text = value(attrs, key);
        return isNumber(text) ? Integer.parseInt(text) : otherwise;
    }

    /** The keys of whole numbers, in their order. */
    public static List<String> numbers(String attrs) {
        return attrs == null
                ? List.of()
                : Stream.of(attrs.split(";"))
                        .map(item -> item.substring(0, Math.max(0, item.indexOf('=')))
                                .strip())
                        .filter(key -> !key.isEmpty() && isNumber(value(attrs, key)))
                        .toList();
    }

    private static boolean isNumber(String text) {
        return text != null
                && !text.isEmpty()
                && text.length() <= MOST_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
