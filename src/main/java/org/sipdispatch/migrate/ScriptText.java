package org.sipdispatch.migrate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A routing script without its comments, with its definitions and included files put in. */
final class ScriptText {
    private static final int DEEPEST = 10;
    private static final Pattern DEFINE =
            Pattern.compile("#!(?:define|trydef|redefine|def)\\s+(\\w+)(?:\\s+(.*?))?\\s*");
    private static final Pattern SUBSTDEF = Pattern.compile("#!substdefs?\\s+[\"'](.)(.*?)\\1(.*?)\\1g?i?[\"'].*");
    private static final Pattern CONDITION = Pattern.compile("#!(ifdef|ifndef|else|endif)\\b\\s*(\\w*).*");
    private static final Pattern INCLUDE =
            Pattern.compile("\\s*(?:#!)?(?:include_file|import_file)\\s+[\"']([^\"']+)[\"'].*");

    private final UnaryOperator<String> included;
    private final Map<String, String> words = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Deque<Boolean> conditions = new ArrayDeque<>();
    private final StringBuilder out = new StringBuilder();

    private ScriptText(UnaryOperator<String> included) {
        this.included = included;
    }

    /** {@code included}: the text of a file that the script names; null if it cannot be read. */
    static String of(String script, UnaryOperator<String> included) {
        ScriptText text = new ScriptText(included);
        text.add(script, 0);
        return text.replaced(withoutComments(text.out.toString()));
    }

    private void add(String script, int depth) {
        for (String line : script.split("\\R", -1)) {
            String plain = line.strip().replaceFirst("^!!", "#!");
            Matcher include = INCLUDE.matcher(plain);
            if (CONDITION.matcher(plain).matches()) {
                condition(plain);
            } else if (conditions.contains(false)) {
                out.append('\n');
            } else if (plain.startsWith("#!") && !include.matches()) {
                directive(plain);
            } else if (include.matches() && depth < DEEPEST) {
                String inner = included.apply(include.group(1));
                add(inner == null ? "" : inner, depth + 1);
            } else {
                out.append(line).append('\n');
            }
        }
    }

    private void condition(String line) {
        Matcher condition = CONDITION.matcher(line);
        if (!condition.matches()) {
            return;
        }
        switch (condition.group(1)) {
            case "ifdef" -> conditions.push(words.containsKey(condition.group(2)));
            case "ifndef" -> conditions.push(!words.containsKey(condition.group(2)));
            case "else" -> conditions.push(conditions.isEmpty() || !conditions.pop());
            default -> conditions.poll();
        }
    }

    private void directive(String line) {
        Matcher define = DEFINE.matcher(line);
        Matcher subst = SUBSTDEF.matcher(line);
        if (subst.matches()) {
            texts.put(subst.group(2), subst.group(3));
        } else if (define.matches()) {
            words.put(define.group(1), define.group(2) == null ? "" : define.group(2));
        }
    }

    /** Comments become blanks; what is in quotes is none. */
    private static String withoutComments(String text) {
        StringBuilder plain = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\' && i + 1 < text.length()) {
                    plain.append(c).append(text.charAt(++i));
                    continue;
                }
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '#') {
                i = end(text, "\n", i) - 1;
                continue;
            } else if (text.startsWith("/*", i)) {
                i = Math.min(text.length(), end(text, "*/", i + 2) + 2) - 1;
                plain.append(' ');
                continue;
            }
            plain.append(c);
        }
        return plain.toString();
    }

    private static int end(String text, String mark, int from) {
        int end = text.indexOf(mark, from);
        return end < 0 ? text.length() : end;
    }

    /** {@code define} replaces words outside of quotes, {@code substdef} everything. */
    private String replaced(String text) {
        String done = text;
        for (Map.Entry<String, String> subst : texts.entrySet()) {
            done = done.replace(subst.getKey(), subst.getValue());
        }
        for (Map.Entry<String, String> define : words.entrySet()) {
            if (!define.getValue().isEmpty()) {
                done = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|\\b" + define.getKey() + "\\b")
                        .matcher(done)
                        .replaceAll(found -> Matcher.quoteReplacement(
                                found.group().equals(define.getKey()) ? define.getValue() : found.group()));
            }
        }
        return done;
    }
}
