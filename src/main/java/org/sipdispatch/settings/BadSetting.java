package org.sipdispatch.settings;

/** A setting that cannot be used, said in one line: {@code key: value (expected: ...)}. It stops the start. */
public final class BadSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * Refuses a setting.
     *
     * @param key the setting's whole path, or the name of the thing at fault
     * @param value what was found there
     * @param expected what would be right, in a few words
     */
    public BadSetting(String key, Object value, String expected) {
        super((key + ": " + value + " (expected: " + expected + ")").replaceAll("\\s*[\\r\\n]+\\s*", " "));
        this.key = key;
    }

    /** The setting's whole path, or the name of the thing at fault. */
    public String key() {
        return key;
    }
}
