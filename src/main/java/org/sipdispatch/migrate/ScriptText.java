package org.sipdispatch.migrate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The text of a routing script, without comments and with definitions and included files expanded. */
final class ScriptText {
    private static final int DEEPEST = 10;
    private static final Pattern DIRECTIVE = Pattern.compile("(?:#!|!!)(\\w+).*");
    private static final Pattern DEFINE =
            Pattern.compile("#!(?:define|trydef|redefine|def)\\s+(\\w+)(?:\\s+(.*?))?\\s*");
    private static final Pattern ENVIRONMENT = Pattern.compile("#!(?:try)?defenvs?\\s+(\\w+)(?:=(\\w+))?.*");
    private static final Pattern SUBSTDEF = Pattern.compile("#!substdefs?\\s+[\"'](.)(.*?)\\1(.*?)\\1g?i?[\"'].*");
    private static final Pattern CONDITION = Pattern.compile("#!(ifdef|ifndef|ifexp|else|endif)\\b\\s*(\\w*).*");
    private static final Pattern INCLUDE =
            Pattern.compile("\\s*(?:#!)?(?:include_file|import_file)\\s+[\"']([^\"']+)[\"'].*");

    private final UnaryOperator<String> included;
    private final boolean slashes;
    private final Map<String, String> defines = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Deque<Boolean> conditions = new ArrayDeque<>();
    private final StringBuilder out = new StringBuilder();
    /** The file and line number of each line. */
    private final List<String> origins = new ArrayList<>();

    private final List<String> unread = new ArrayList<>();
    private String text = "";
    /** The offsets of the line breaks in the text. */
    private int[] lineBreaks = {};

    private ScriptText(UnaryOperator<String> included, boolean slashes) {
        this.included = included;
        this.slashes = slashes;
    }

    /**
     * Reads a script.
     *
     * @param included reads an included file; null if it cannot be read
     * @param slashes whether {@code //} starts a comment, as in Kamailio
     */
    static ScriptText of(String script, UnaryOperator<String> included, boolean slashes) {
        ScriptText text = new ScriptText(included, slashes);
        text.add(script, "", 0);
        text.read(text.replaced(text.out.toString()));
        return text;
    }

    private void read(String whole) {
        text = whole;
        lineBreaks = IntStream.range(0, whole.length())
                .filter(offset -> whole.charAt(offset) == '\n')
                .toArray();
    }

    String text() {
        return text;
    }

    /** The directives and files that the preprocessor could not process. */
    List<String> unread() {
        return unread;
    }

    /** The line of that offset, with the name of an included file. */
    String place(int offset) {
        int found = Arrays.binarySearch(lineBreaks, offset);
        int line = found < 0 ? -found - 1 : found;
        return line < origins.size() ? origins.get(line) : "the end";
    }

    private void add(String script, String file, int depth) {
        String[] lines = withoutComments(script).split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            String plain = lines[i].strip().replaceFirst("^!!", "#!");
            Matcher include = INCLUDE.matcher(plain);
            String origin = (file.isEmpty() ? "" : file + " ") + "line " + (i + 1);
            if (CONDITION.matcher(plain).matches()) {
                condition(plain, origin);
            } else if (conditions.contains(false)) {
                continue;
            } else if (include.matches() && depth < DEEPEST) {
                include(include.group(1), depth, plain.contains("import_file"));
            } else if (plain.startsWith("#!")) {
                directive(plain, origin);
            } else {
                out.append(lines[i]).append('\n');
                origins.add(origin);
            }
        }
    }

    /** An imported file may be missing. */
    private void include(String name, int depth, boolean optional) {
        String inner = included.apply(name);
        if (inner != null) {
            add(inner, name, depth + 1);
        } else if (!optional) {
            unread.add("included file " + name);
        }
    }

    private void condition(String line, String origin) {
        Matcher condition = CONDITION.matcher(line);
        if (!condition.matches()) {
            return;
        }
        switch (condition.group(1)) {
            case "ifdef" -> conditions.push(defines.containsKey(condition.group(2)));
            case "ifndef" -> conditions.push(!defines.containsKey(condition.group(2)));
            case "ifexp" -> {
                unread.add(line + " at " + origin + ", taken as false");
                conditions.push(false);
            }
            case "else" -> conditions.push(conditions.isEmpty() || !conditions.pop());
            default -> conditions.poll();
        }
    }

    private void directive(String line, String origin) {
        Matcher define = DEFINE.matcher(line);
        Matcher subst = SUBSTDEF.matcher(line);
        Matcher environment = ENVIRONMENT.matcher(line);
        if (subst.matches()) {
            texts.put(subst.group(2), subst.group(3));
        } else if (define.matches()) {
            boolean keeps = line.startsWith("#!trydef") && defines.containsKey(define.group(1));
            String value = define.group(2) == null ? "" : define.group(2).replaceFirst("\\s+#\\s.*$", "");
            defines.put(define.group(1), keeps ? defines.get(define.group(1)) : value);
        } else if (environment.matches()) {
            String variable = environment.group(environment.group(2) == null ? 1 : 2);
            defines.put(environment.group(1), "\"$env(" + variable + ")\"");
        } else if (!line.matches("#!(KAMAILIO|OPENSER|SER|MAXCOMPAT|ALL|/).*")) {
            unread.add(line + " at " + origin);
        }
    }

    /** Replaces comments by blanks and keeps line breaks. Quoted text and preprocessor directives are not comments. */
    private String withoutComments(String script) {
        StringBuilder plain = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < script.length(); i++) {
            char c = script.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote == '"' && i + 1 < script.length()) {
                    plain.append(c).append(script.charAt(++i));
                    continue;
                }
                quote = c == quote || c == '\n' && quote == '\'' ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (isDirective(script, i)) {
                int end = end(script, "\n", i);
                plain.append(script, i, end);
                i = end - 1;
                continue;
            } else if (c == '#' || slashes && script.startsWith("//", i)) {
                i = end(script, "\n", i) - 1;
                continue;
            } else if (script.startsWith("/*", i)) {
                int end = Math.min(script.length(), end(script, "*/", i + 2) + 2);
                plain.append(' ').append(script.substring(i, end).replaceAll("[^\\n]", ""));
                i = end - 1;
                continue;
            }
            plain.append(c);
        }
        return plain.toString();
    }

    private static boolean isDirective(String script, int at) {
        if (!script.startsWith("#!", at) && !script.startsWith("!!", at)) {
            return false;
        }
        int start = script.lastIndexOf('\n', at) + 1;
        return script.substring(start, at).isBlank()
                && DIRECTIVE
                        .matcher(script.substring(at, end(script, "\n", at)).strip())
                        .matches();
    }

    private static int end(String text, String mark, int from) {
        int end = text.indexOf(mark, from);
        return end < 0 ? text.length() : end;
    }

    /** Expands definitions: {@code define} replaces words outside of quotes, {@code substdef} any text. */
    private String replaced(String whole) {
        String done = whole;
        for (Map.Entry<String, String> subst : texts.entrySet()) {
            done = done.replace(subst.getKey(), subst.getValue());
        }
        for (Map.Entry<String, String> define : defines.entrySet()) {
            if (!define.getValue().isEmpty()) {
                String value = texts.entrySet().stream()
                        .reduce(
                                define.getValue(),
                                (text, subst) -> text.replace(subst.getKey(), subst.getValue()),
                                (a, b) -> b);
                done = Pattern.compile(
                                "(?s)\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|'[^'\\n]*+'|\\b" + define.getKey() + "\\b")
                        .matcher(done)
                        .replaceAll(found -> Matcher.quoteReplacement(
                                found.group().equals(define.getKey()) ? value : found.group()));
            }
        }
        return done;
    }
}
