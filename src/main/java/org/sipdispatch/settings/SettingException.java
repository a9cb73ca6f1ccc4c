package org.sipdispatch.settings;

/** A setting that cannot be used, as one line: {@code key: value (expected: ...)}. It prevents the start. */
public final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * Creates the error.
     *
     * @param key the full path of the setting, or the name of what is wrong
     * @param value the value found
     * @param expected a valid value, in a few words
     */
    public SettingException(String key, Object value, String expected) {
        super((key + ": " + value + " (expected: " + expected + ")").replaceAll("\\s*[\\r\\n]+\\s*", " "));
        this.key = key;
    }

    /** The full path of the setting, or the name of what is wrong. */
    public String key() {
        return key;
    }
}
