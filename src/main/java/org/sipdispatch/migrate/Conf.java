package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sipdispatch.database.DatabaseUrl;
import org.sipdispatch.settings.BadSetting;

/** Writes HOCON, and collects what somebody must look at before the file is used. */
final class Conf {
    private final StringBuilder text = new StringBuilder();
    private final List<String> unfinished = new ArrayList<>();

    void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    /** A block, unless there is nothing in it. */
    void block(String indent, String name, Map<String, String> values) {
        if (values.isEmpty()) {
            return;
        }
        line(indent + name + " {");
        values.forEach((key, value) -> line(indent + "  " + key + " = " + value));
        line(indent + "}");
    }

    /** What keeps the file from being used until somebody has looked. */
    void unfinished(String what) {
        unfinished.add(withoutPasswords(what));
    }

    boolean isFinished() {
        return unfinished.isEmpty();
    }

    static String withoutPasswords(String text) {
        return text.replaceAll("(\\w+://[^:@/\\s]*):[^\\s]*@", "$1:***@")
                .replaceAll("(?i)(password|pwd)=[^;&\\s]*", "$1=***");
    }

    /** All of it, {@code head} before the rest. */
    String text(String head) {
        StringBuilder all = new StringBuilder(head);
        if (!unfinished.isEmpty()) {
            all.append("\n  # Look at these, then take the list out: until then neither check nor the start passes.\n");
            all.append("  unfinished = [\n");
            unfinished.forEach(one -> all.append("    ").append(quoted(one)).append('\n'));
            all.append("  ]\n");
        }
        return all.append(text).toString();
    }

    /** A text in quotes. */
    static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                default -> quoted.append(c < ' ' ? ' ' : c);
            }
        }
        return quoted.append('"').toString();
    }

    /** Whether a URL is one that destinations can be read from. */
    static boolean isDatabase(String url) {
        try {
            new DatabaseUrl("db_url", DatabaseUrl.FORMS).read(url, null, null);
            return true;
        } catch (BadSetting e) {
            return false;
        }
    }
}
