package org.sipdispatch.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds keys that one file sets twice to different values, of which HOCON uses the last. Blocks are merged, and a value
 * with a substitution may contain the one before; neither counts. Expects a file that the library can parse.
 */
final class RepeatedKeyCheck {
    private record KeyValue(int line, String value, boolean isBlock) {}

    private final String file;
    private final String text;
    private final Map<String, KeyValue> seen = new HashMap<>();
    private final List<CheckFinding> found = new ArrayList<>();
    private int at;
    private int lists;

    private RepeatedKeyCheck(String file, String text) {
        this.file = file;
        this.text = text;
    }

    static List<CheckFinding> of(Path file) {
        try {
            return of(file.toString(), Files.readString(file));
        } catch (IOException e) {
            // A file that is not text in UTF-8 was reported before.
            return List.of();
        }
    }

    static List<CheckFinding> of(String file, String text) {
        RepeatedKeyCheck keys = new RepeatedKeyCheck(file, text);
        keys.skip(" \t\r\n\uFEFF");
        if (keys.peek() == '{') {
            keys.at++;
        }
        keys.block("", "");
        return keys.found;
    }

    /** The character at the current position; 0 at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skip(String these) {
        while (at < text.length() && these.indexOf(peek()) >= 0) {
            at++;
        }
    }

    private boolean isComment() {
        return peek() == '#' || text.startsWith("//", at);
    }

    private void skipLine() {
        while (at < text.length() && peek() != '\n') {
            at++;
        }
    }

    /** Skips separators and comments; whether there is a key or an element, not an end. */
    private boolean isNext() {
        skip(" \t\r\n,\uFEFF");
        while (isComment()) {
            skipLine();
            skip(" \t\r\n,");
        }
        if (peek() == '}' || peek() == ']') {
            at++;
            return false;
        }
        return at < text.length();
    }

    /**
     * Reads the keys of a block, up to its end.
     *
     * @param path the path of the block with a trailing dot; empty for the file
     * @param unique the same, unique for each element of a list
     */
    private void block(String path, String unique) {
        while (isNext()) {
            int start = at;
            while (at < text.length() && "=:{\n}".indexOf(peek()) < 0 && !text.startsWith("+=", at)) {
                at += peek() == '"' ? quoted() : 1;
            }
            String key = text.substring(start, at).strip().replace("\"", "");
            if (peek() == '=' || peek() == ':' || peek() == '{') {
                at += peek() == '{' ? 0 : 1;
                keyed(path + key, unique + key, start);
            } else if (peek() == '+') {
                at += 2;
                value(path + key, unique + key);
            }
        }
    }

    private void keyed(String path, String unique, int start) {
        skip(" \t\r\n");
        int from = at;
        boolean isBlock = peek() == '{';
        value(path, unique);
        String value = text.substring(from, at).strip();
        if (value.contains("${")) {
            seen.remove(unique);
            return;
        }
        KeyValue now = new KeyValue(line(start), value.replaceAll("\\s+", " "), isBlock);
        KeyValue before = seen.put(unique, now);
        if (before != null && !(before.isBlock && isBlock) && !before.value.equals(now.value)) {
            found.add(CheckFinding.warning(
                    file,
                    now.line,
                    path.replaceFirst("^sip-dispatcher\\.", "") + ": set twice, so that the value of line "
                            + before.line + " is not used (expected: one value, or += to add to a list)"));
        }
    }

    /** Reads a value, up to the separator after it. */
    private void value(String path, String unique) {
        skip(" \t\r");
        while (at < text.length() && "\n,}]".indexOf(peek()) < 0 && !isComment()) {
            if (peek() == '"') {
                at += quoted();
            } else if (text.startsWith("${", at)) {
                at = end(text.indexOf('}', at), 1);
            } else if (peek() == '{') {
                at++;
                block(path + ".", unique + ".");
            } else if (peek() == '[') {
                at++;
                list(path, unique);
            } else {
                at++;
            }
        }
    }

    private void list(String path, String unique) {
        String own = unique + "#" + lists++;
        for (int i = 0; isNext(); i++) {
            value(path + "[" + i + "]", own + "[" + i + "]");
        }
    }

    /** The length of the quoted text at the current position. */
    private int quoted() {
        if (text.startsWith("\"\"\"", at)) {
            return end(text.indexOf("\"\"\"", at + 3), 3) - at;
        }
        int i = at + 1;
        while (i < text.length() && text.charAt(i) != '"' && text.charAt(i) != '\n') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i + 1, text.length()) - at;
    }

    private int end(int found, int length) {
        return found < 0 ? text.length() : found + length;
    }

    private int line(int position) {
        return (int) text.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
    }
}
