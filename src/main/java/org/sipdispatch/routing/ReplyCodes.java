package org.sipdispatch.routing;

import java.util.BitSet;
import org.sipdispatch.settings.BadSetting;

/** A list of final status codes and classes, {@code 408,5xx,6xx}. */
public final class ReplyCodes {
    public static final ReplyCodes NONE = new ReplyCodes("");

    private final BitSet codes = new BitSet(700);
    private final BitSet single = new BitSet(700);
    private final String source;

    private ReplyCodes(String source) {
        this.source = source;
    }

    public static ReplyCodes parse(String key, String text) {
        ReplyCodes codes = new ReplyCodes(text);
        for (String item : text.split(",", -1)) {
            String code = item.strip();
            if (code.matches("[3-6][xX]{2}")) {
                int first = (code.charAt(0) - '0') * 100;
                codes.codes.set(first, first + 100);
            } else if (code.matches("[3-6][0-9]{2}")) {
                codes.codes.set(Integer.parseInt(code));
                codes.single.set(Integer.parseInt(code));
            } else if (!code.isEmpty() || text.contains(",")) {
                throw new BadSetting(key, text, "status codes from 300 to 699 and classes such as 408,5xx");
            }
        }
        return codes;
    }

    public boolean contains(int code) {
        return codes.get(code);
    }

    /** Whether both lists contain the same single code; classes do not count. */
    boolean contradicts(ReplyCodes other) {
        return single.intersects(other.single);
    }

    public boolean isEmpty() {
        return codes.isEmpty();
    }

    @Override
    public String toString() {
        return source;
    }
}
