package org.sipdispatch.settings;

import java.util.BitSet;

/** A list of final status codes and classes of them, {@code 408,5xx,6xx}. Immutable. */
public final class StatusCodes {
    public static final StatusCodes NONE = new StatusCodes("");

    private final BitSet codes = new BitSet(700);
    private final BitSet single = new BitSet(700);
    private final String source;

    private StatusCodes(String source) {
        this.source = source;
    }

    /**
     * Parses a list.
     *
     * @param key the setting with the list, for the error
     * @param lowest the first digit of the lowest allowed codes, 2 or 3
     * @throws SettingException if the list contains anything else
     */
    public static StatusCodes parse(String key, String text, int lowest) {
        StatusCodes list = new StatusCodes(text);
        for (String item : text.split(",", -1)) {
            String code = item.strip();
            if (code.matches("[" + lowest + "-6][xX]{2}")) {
                int first = (code.charAt(0) - '0') * 100;
                list.codes.set(first, first + 100);
            } else if (code.matches("[" + lowest + "-6][0-9]{2}")) {
                list.codes.set(Integer.parseInt(code));
                list.single.set(Integer.parseInt(code));
            } else if (!code.isEmpty() || text.contains(",")) {
                String example = lowest == 2 ? "404,5xx" : "408,5xx";
                throw new SettingException(
                        key, text, "status codes from " + lowest + "00 to 699 and classes such as " + example);
            }
        }
        return list;
    }

    public boolean contains(int code) {
        return code >= 0 && codes.get(code);
    }

    /** Whether both lists contain the same single code; classes do not count. */
    public boolean contradicts(StatusCodes other) {
        return single.intersects(other.single);
    }

    public boolean isEmpty() {
        return codes.isEmpty();
    }

    /** Whether both contain the same codes, in any notation. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StatusCodes list && codes.equals(list.codes);
    }

    @Override
    public int hashCode() {
        return codes.hashCode();
    }

    @Override
    public String toString() {
        return source;
    }
}
