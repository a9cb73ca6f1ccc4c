package org.sipdispatch.settings;

/** A setting that cannot be used, as one line: {@code key: value (expected: ...)}. It prevents the start. */
public final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * Creates the error.
     *
     * @param key the full path of the setting, or the name of what is wrong
     * @param value the value found; of a PEM text, which may be a private key, the message says only that it is one
     * @param expected a valid value, in a few words
     */
    public SettingException(String key, Object value, String expected) {
        super((key + ": " + (isPem(value) ? "a PEM text" : value) + " (expected: " + expected + ")")
                .replaceAll("\\s*[\\r\\n]+\\s*", " "));
        this.key = key;
    }

    /** Whether a value is the text of certificates or keys (RFC 7468), for example in place of the path of a file. */
    public static boolean isPem(Object value) {
        return String.valueOf(value).contains("-----BEGIN");
    }

    /** The full path of the setting, or the name of what is wrong. */
    public String key() {
        return key;
    }
}
