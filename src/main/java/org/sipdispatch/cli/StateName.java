package org.sipdispatch.cli;

import java.util.List;
import java.util.Locale;
import org.sipdispatch.settings.SettingException;

/** A state on the command line: {@code inactive}, or {@code i} for short. */
final class StateName {
    private static final List<String> KNOWN = List.of("active", "inactive", "probing");

    private StateName() {}

    /** The full name; null if {@code text} is null. */
    static String parse(String option, String text) {
        if (text == null) {
            return null;
        }
        String name = text.toLowerCase(Locale.ROOT);
        return KNOWN.stream()
                .filter(known -> known.equals(name) || known.substring(0, 1).equals(name))
                .findFirst()
                .orElseThrow(() -> new SettingException(option, text, "active, inactive or probing"));
    }
}
