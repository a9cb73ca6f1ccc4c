package org.sipdispatch.migrate;

import java.util.BitSet;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** Sets of final status codes, and the conditions of a failure route on them. */
final class ReplyCodes {
    private static final int FIRST = 300;
    private static final int LAST = 699;

    private ReplyCodes() {}

    /** The codes for which a condition may be true, and those for which it may be false. */
    record ConditionCodes(BitSet yes, BitSet no) {
        static ConditionCodes always(boolean value, BitSet codes) {
            return value ? new ConditionCodes(codes, new BitSet()) : new ConditionCodes(new BitSet(), codes);
        }

        ConditionCodes negated() {
            return new ConditionCodes(no, yes);
        }
    }

    static BitSet failures() {
        BitSet all = new BitSet();
        all.set(FIRST, LAST + 1);
        return all;
    }

    /** As in {@code relay.failover}: {@code 408,5xx}. */
    static String text(BitSet set) {
        StringJoiner codes = new StringJoiner(",");
        for (int first = FIRST; first < LAST; first += 100) {
            if (set.get(first, first + 100).cardinality() == 100) {
                codes.add(first / 100 + "xx");
            } else {
                int from = first;
                set.get(first, first + 100).stream().forEach(code -> codes.add(String.valueOf(from + code)));
            }
        }
        return codes.toString();
    }

    /** For people: {@code 408, 500-503, 6xx}. */
    static String ranges(BitSet set) {
        StringJoiner codes = new StringJoiner(", ");
        for (int first = set.nextSetBit(0); first >= 0; ) {
            int hundred = first - first % 100 + 100;
            int end = Math.min(set.nextClearBit(first), hundred);
            boolean all = end - first == 100;
            codes.add(all ? first / 100 + "xx" : end - first == 1 ? String.valueOf(first) : first + "-" + (end - 1));
            first = set.nextSetBit(end);
        }
        return codes.toString();
    }

    /** The codes of the default failover, 408 and 5xx, with or without the exceptions of the default stop. */
    static BitSet byDefault(boolean stops) {
        BitSet codes = new BitSet();
        codes.set(408);
        codes.set(500, 600);
        if (stops) {
            List.of(501, 505, 513).forEach(codes::clear);
        }
        return codes;
    }

    static BitSet either(BitSet one, BitSet other) {
        BitSet both = (BitSet) one.clone();
        both.or(other);
        return both;
    }

    static BitSet without(BitSet codes, BitSet others) {
        BitSet rest = (BitSet) codes.clone();
        rest.andNot(others);
        return rest;
    }

    static BitSet both(BitSet one, BitSet other) {
        BitSet common = (BitSet) one.clone();
        common.and(other);
        return common;
    }

    /** The answer of a comparison; null if it is not one of the status code with a constant. */
    static ConditionCodes compared(Script.Test test, BitSet codes) {
        if (test.operator().isEmpty() && test.left().matches("\\d+")) {
            return ConditionCodes.always(!test.left().matches("0+"), codes);
        }
        if (!test.left().matches("\\$T_reply_code|\\$rs|status|\\$\\(<reply>rs\\)")) {
            return null;
        }
        if (test.operator().matches("[=!]~")) {
            ConditionCodes found = matching(codes, test.right());
            return test.operator().startsWith("!") && found != null ? found.negated() : found;
        }
        if (test.operator().isEmpty() || !test.right().matches("\\d{3}")) {
            return null;
        }
        int limit = Integer.parseInt(test.right());
        return matching(codes, code -> switch (test.operator()) {
            case "==", "eq" -> code == limit;
            case "!=", "ne" -> code != limit;
            case ">" -> code > limit;
            case ">=" -> code >= limit;
            case "<" -> code < limit;
            default -> code <= limit;
        });
    }

    /** The answer for a regular expression; null if it is not constant, or has another meaning here. */
    static ConditionCodes matching(BitSet codes, String pattern) {
        String java = pattern.isEmpty() || pattern.matches(".*\\$[a-zA-Z(].*") ? null : PosixPattern.java(pattern);
        if (java == null) {
            return null;
        }
        Pattern compiled = Pattern.compile(java);
        return matching(codes, code -> compiled.matcher(String.valueOf(code)).find());
    }

    private static ConditionCodes matching(BitSet codes, IntPredicate matches) {
        BitSet yes = new BitSet();
        codes.stream().filter(matches).forEach(yes::set);
        return new ConditionCodes(yes, without(codes, yes));
    }
}
