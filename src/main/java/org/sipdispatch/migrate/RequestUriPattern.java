package org.sipdispatch.migrate;

/**
 * Converts a comparison of the Request-URI, or of a part of it, to a pattern for the whole URI. Both proxies take the
 * number of a {@code tel} URI as the user, up to its parameters, and an empty domain.
 */
final class RequestUriPattern {
    /** The Request-URI has no user. */
    static final String NO_USER = "(?i)^sips?:[^@]*$";

    private static final String NO_DOMAIN = "(?i)^tel:";

    private RequestUriPattern() {}

    /**
     * Returns the pattern; null if there is none.
     *
     * @param equal whether the operator is {@code ==}, not {@code =~}
     * @param exact whether {@code ==} distinguishes case
     */
    static String of(String left, String right, boolean equal, boolean exact) {
        boolean nothing = Script.NOTHING.contains(right);
        if (right.startsWith("$") && !nothing) {
            return null;
        }
        String java = equal ? PosixPattern.quoted(right) : PosixPattern.java(right);
        if (java == null) {
            return null;
        }
        boolean exactly = equal && exact;
        return switch (left) {
            case "$ru", "uri" -> equal ? (exact ? "^" : "(?i)^") + java + "$" : "(?i)" + java;
            case "$rU" -> equal && nothing ? NO_USER : equal ? userIs(java, exactly) : userLike(java);
            case "$rd" ->
                !equal
                        ? null
                        : nothing
                                ? NO_DOMAIN
                                : start(exactly) + scheme("sips?", exactly) + "([^@]*@)?" + java + "([:;?]|$)";
            default -> null;
        };
    }

    private static String userIs(String user, boolean exact) {
        return start(exact) + "(" + scheme("sips?", exact) + user + "[:;@]|" + scheme("tel", exact) + user + "(;|$))";
    }

    private static String start(boolean exact) {
        return exact ? "^" : "(?i)^";
    }

    /** A scheme has no case, even if the rest has. */
    private static String scheme(String scheme, boolean exact) {
        return exact ? "(?i:" + scheme + "):" : scheme + ":";
    }

    /** A pattern for the user part only: no part of it may match beyond its end. */
    private static String userLike(String java) {
        if (java.matches(".*[@;].*") || java.matches(".*[^\\[]\\^.*") || java.matches(".*[^\\\\]\\$.+")) {
            return null;
        }
        boolean ends = java.endsWith("$") && !java.endsWith("\\$");
        String whole = ends ? java.substring(0, java.length() - 1) : java;
        boolean begins = whole.startsWith("^");
        boolean branches = hasBranches(whole);
        if ((begins || ends) && branches) {
            return null;
        }
        String body = branches ? "(?:" + whole + ")" : begins ? whole.substring(1) : whole;
        String sip = (begins ? "" : "[^@]*") + within(body, '@') + (ends ? "[:;@]" : "[^@]*@");
        String tel = (begins ? "" : "[^;]*") + within(body, ';') + (ends ? "(;|$)" : "");
        return "(?i)^(sips?:" + sip + "|tel:" + tel + ")";
    }

    /** Whether the pattern has top-level alternatives. */
    private static boolean hasBranches(String pattern) {
        int depth = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == '|' && depth == 0) {
                return true;
            }
        }
        return false;
    }

    /** The pattern, where neither a dot nor a negated class matches the character at which the user ends. */
    private static String within(String pattern, char end) {
        StringBuilder within = new StringBuilder();
        boolean bracket = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && !bracket) {
                within.append(c).append(pattern.charAt(++i));
                continue;
            }
            bracket = c == '[' || bracket && c != ']';
            boolean others = c == '^' && i > 0 && pattern.charAt(i - 1) == '[';
            within.append(c == '.' && !bracket ? "[^" + end + "]" : others ? "^" + end : String.valueOf(c));
        }
        return within.toString();
    }
}
