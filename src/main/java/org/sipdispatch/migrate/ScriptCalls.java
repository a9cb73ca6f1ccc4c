package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The calls in a script that matter here. */
final class ScriptCalls {
    /**
     * One call.
     *
     * @param arguments without their quotes; empty for one that is left out
     * @param route the kind of route that it stands in, such as failure_route; empty for none
     */
    record Call(String name, List<String> arguments, String route) {
        String argument(int place) {
            return place < arguments.size() ? arguments.get(place) : "";
        }

        String written() {
            return name + "("
                    + String.join(
                            ", ",
                            arguments.stream().map(one -> "\"" + one + "\"").toList()) + ")";
        }
    }

    private static final Pattern START = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'"
            + "|\\b(?<route>(?:[a-z]+_)?route)\\s*(?:\\[[^]]*])?\\s*\\{"
            + "|\\b(?<name>modparam|ds_\\w+|t_relay|forward)\\s*\\(");

    private ScriptCalls() {}

    static List<Call> of(String text) {
        List<Call> calls = new ArrayList<>();
        Matcher start = START.matcher(text);
        String route = "";
        int at = 0;
        while (start.find(at)) {
            at = start.end();
            if (start.group("route") != null) {
                route = start.group("route");
            } else if (start.group("name") != null) {
                List<String> arguments = new ArrayList<>();
                at = arguments(text, at, arguments);
                calls.add(new Call(start.group("name"), arguments, route));
            }
        }
        return calls;
    }

    /** Reads up to the closing bracket; where it ends. */
    private static int arguments(String text, int from, List<String> arguments) {
        StringBuilder one = new StringBuilder();
        int depth = 1;
        int at = from;
        while (at < text.length() && depth > 0) {
            char c = text.charAt(at);
            if (c == '"' || c == '\'') {
                at = quoted(text, at, one);
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 || depth == 1 && c == ',') {
                arguments.add(one.toString().strip());
                one.setLength(0);
            } else {
                one.append(c);
            }
            at++;
        }
        if (arguments.size() == 1 && arguments.get(0).isEmpty()) {
            arguments.clear();
        }
        return at;
    }

    private static int quoted(String text, int from, StringBuilder into) {
        char quote = text.charAt(from);
        int at = from + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            into.append(text.charAt(at));
            at++;
        }
        return Math.min(text.length(), at + 1);
    }
}
