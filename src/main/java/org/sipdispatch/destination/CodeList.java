package org.sipdispatch.destination;

import java.util.BitSet;
import org.sipdispatch.settings.BadSetting;

/** Status codes of final responses and classes of them, {@code 404,5xx,2xx}. */
public final class CodeList {
    public static final CodeList NONE = new CodeList("");

    private final BitSet codes = new BitSet(700);
    private final String source;

    private CodeList(String source) {
        this.source = source;
    }

    public static CodeList parse(String key, String text) {
        CodeList list = new CodeList(text);
        for (String item : text.split(",", -1)) {
            String code = item.strip();
            if (code.matches("[2-6][xX]{2}")) {
                int first = (code.charAt(0) - '0') * 100;
                list.codes.set(first, first + 100);
            } else if (code.matches("[2-6][0-9]{2}")) {
                list.codes.set(Integer.parseInt(code));
            } else if (!code.isEmpty() || text.contains(",")) {
                throw new BadSetting(key, text, "status codes from 200 to 699 and classes such as 404,5xx");
            }
        }
        return list;
    }

    public boolean contains(int code) {
        return code >= 0 && codes.get(code);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodeList list && codes.equals(list.codes);
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
