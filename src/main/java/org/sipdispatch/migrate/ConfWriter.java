package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sipdispatch.database.DatabaseUrl;
import org.sipdispatch.settings.SettingException;

/** Writes HOCON and collects the points that an operator must resolve before the file is used. */
final class ConfWriter {
    private final StringBuilder text = new StringBuilder();
    private final List<String> unfinished = new ArrayList<>();

    void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    /** Writes a block, unless it is empty. */
    void block(String indent, String name, Map<String, String> values) {
        if (values.isEmpty()) {
            return;
        }
        line(indent + name + " {");
        values.forEach((key, value) -> line(indent + "  " + key + " = " + value));
        line(indent + "}");
    }

    /** Adds a point that an operator must resolve. */
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

    /** The text as part of a comment of one line. */
    static String comment(String text) {
        return withoutPasswords(text).replaceAll("\\s+", " ");
    }

    /** The complete file, which begins with {@code head}. */
    String text(String head) {
        StringBuilder all = new StringBuilder(head);
        if (!unfinished.isEmpty()) {
            all.append(
                    "\n  # Resolve these points, then remove the list: until then check and start refuse this file.\n");
            all.append("  unfinished = [\n");
            unfinished.forEach(one -> all.append("    ").append(quoted(one)).append('\n'));
            all.append("  ]\n");
        }
        return all.append(text).toString();
    }

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

    /** Whether destinations can be read from a database with this URL. */
    static boolean isDatabase(String url) {
        try {
            new DatabaseUrl("db_url", DatabaseUrl.FORMS).read(url, null, null);
            return true;
        } catch (SettingException e) {
            return false;
        }
    }
}
