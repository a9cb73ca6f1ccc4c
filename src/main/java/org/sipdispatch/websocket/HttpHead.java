package org.sipdispatch.websocket;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The request line and the header fields of an HTTP/1.1 request (RFC 9112), as strict as RFC 9110 allows.
 *
 * @param problem what is wrong; null if nothing is
 * @param fields the values by the name in lower case
 */
record HttpHead(String problem, String method, Map<String, List<String>> fields) {
    private static final Pattern REQUEST_LINE = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) [!-~]+ HTTP/1\\.[1-9]");
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
    private static final int LONGEST_SHOWN = 200;

    /** {@code text}: up to the empty line, without it. */
    static HttpHead parse(String text) {
        String[] lines = text.split("\r\n", -1);
        Matcher request = REQUEST_LINE.matcher(lines[0]);
        if (!request.matches()) {
            return bad(lines[0] + " (expected: METHOD target HTTP/1.1)");
        }
        Map<String, List<String>> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            boolean hasName =
                    colon > 0 && NAME.matcher(lines[i]).region(0, colon).matches();
            if (!hasName || CONTROL.matcher(lines[i]).find()) {
                return bad(lines[i] + " (expected: a header field)");
            }
            fields.computeIfAbsent(lowerCase(lines[i].substring(0, colon)), name -> new ArrayList<>())
                    .add(withoutBlanks(lines[i], colon + 1));
        }
        return new HttpHead(null, request.group(1), fields);
    }

    /** Not with a pattern: the time of one with blanks at both ends grows with the square of their number, or more. */
    private static String withoutBlanks(String line, int from) {
        int start = from;
        int end = line.length();
        while (start < end && isBlank(line.charAt(start))) {
            start++;
        }
        while (start < end && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static HttpHead bad(String problem) {
        return new HttpHead(problem, "", Map.of());
    }

    static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Text of a client for logs and responses: no control characters, not long. */
    static String printable(String text) {
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
        return shown.replaceAll("[^ -~]", "?");
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** The value of a field that may appear once only; empty if it does not, or more than once. */
    String only(String name) {
        List<String> values = fields.getOrDefault(name, List.of());
        return values.size() == 1 ? values.get(0) : "";
    }

    /** The values of a field as one list. */
    String all(String name) {
        return String.join(", ", fields.getOrDefault(name, List.of()));
    }

    /** Whether the list has this value; case does not matter. */
    boolean lists(String name, String value) {
        return Arrays.stream(all(name).split(",")).anyMatch(one -> one.strip().equalsIgnoreCase(value));
    }
}
