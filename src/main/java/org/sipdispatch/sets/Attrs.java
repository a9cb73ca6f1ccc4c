package org.sipdispatch.sets;

/** Reads the attributes of a destination of the form {@code key=value;key=value}; other text is ignored. */
public final class Attrs {
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
}
