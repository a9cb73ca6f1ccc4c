package org.sipdispatch.sets;

import java.util.Locale;

/**
 * The flags of one set in a selection, as in {@code ds_select_dst}.
 *
 * @param failover F: return the failover list, not only the first choice
 * @param userOnly U: hash only the user part of a URI
 * @param reserve D: use the last member only if no other is usable
 * @param refuseIfSet S: select nothing for a request that already has a next hop
 * @param most M: the maximum number of members to return, including the first choice
 * @param unweighted whether all weights count as 1, as in algorithms 0 to 7 of Kamailio; no letter
 */
public record SelectFlags(
        boolean failover, boolean userOnly, boolean reserve, boolean refuseIfSet, int most, boolean unweighted) {
    /** The limit if none is given, as in OpenSIPS. */
    public static final int NO_LIMIT = 1000;

    /** Flags with which weights count. */
    public SelectFlags(boolean failover, boolean userOnly, boolean reserve, boolean refuseIfSet, int most) {
        this(failover, userOnly, reserve, refuseIfSet, most, false);
    }

    /**
     * Parses letters in any case, {@code M} with a number, or a number alone: "F", "fud M 5", "3".
     *
     * @return null if the text is invalid or repeats a letter
     */
    public static SelectFlags parse(String text) {
        String letters = "";
        int most = NO_LIMIT;
        boolean limited = false;
        String rest = text.toUpperCase(Locale.ROOT);
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (c == 'M' || Character.isDigit(c)) {
                int digits = c == 'M' ? skipBlanks(rest, i + 1) : i;
                int digitsEnd = digits;
                while (digitsEnd < rest.length() && Character.isDigit(rest.charAt(digitsEnd))) {
                    digitsEnd++;
                }
                if (limited || digitsEnd == digits || digitsEnd - digits > 6) {
                    return null;
                }
                limited = true;
                most = Integer.parseInt(rest.substring(digits, digitsEnd));
                i = digitsEnd - 1;
            } else if ("FUDS".indexOf(c) >= 0 && letters.indexOf(c) < 0) {
                letters += c;
            } else if (c != ' ' && c != '\t') {
                return null;
            }
        }
        return most == 0
                ? null
                : new SelectFlags(
                        letters.contains("F"),
                        letters.contains("U"),
                        letters.contains("D"),
                        letters.contains("S"),
                        most);
    }

    private static int skipBlanks(String text, int start) {
        int i = start;
        while (i < text.length() && text.charAt(i) == ' ') {
            i++;
        }
        return i;
    }

    /** The letters in the form that {@link #parse} reads; empty for none. */
    public String text() {
        return (failover ? "F" : "")
                + (userOnly ? "U" : "")
                + (reserve ? "D" : "")
                + (refuseIfSet ? "S" : "")
                + (most == NO_LIMIT ? "" : "M" + most);
    }

    public SelectFlags limitedTo(int limit) {
        return limit >= most ? this : new SelectFlags(failover, userOnly, reserve, refuseIfSet, limit, unweighted);
    }

    /** The same, and all weights count as 1. */
    public SelectFlags withoutWeights() {
        return new SelectFlags(failover, userOnly, reserve, refuseIfSet, most, true);
    }

    /** The same with F. */
    public SelectFlags withFailover() {
        return new SelectFlags(true, userOnly, reserve, refuseIfSet, most, unweighted);
    }

    /** A set as an algorithm sees it. */
    SetView seen(SetView view) {
        return unweighted ? view.unweighted() : view;
    }
}
