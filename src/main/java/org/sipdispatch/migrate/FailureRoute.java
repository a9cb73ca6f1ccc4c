package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The effect of a failure route: the final codes on which the next destination is tried, and everything that a rule
 * cannot express.
 */
final class FailureRoute {
    private static final int FIRST = 300;
    private static final int LAST = 699;
    private static final int DEEPEST = 5;

    private final Script script;
    private final boolean kamailio;
    private final String name;
    /** The codes after which the next destination is tried. */
    private final BitSet next = new BitSet();
    /** The codes after which the destination is marked. */
    private final BitSet marked = new BitSet();
    /** The codes after which the route is set again for the next destination. */
    private final BitSet again = new BitSet();

    private final List<String> left = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();
    /** The conditions on which any of these depend and that a rule takes as something similar. */
    private final List<String> approximated = new ArrayList<>();
    /** The conditions just evaluated that no rule can express. */
    private List<String> unknown = new ArrayList<>();
    /** The conditions just evaluated that a rule takes as something similar. */
    private List<String> similar = new ArrayList<>();

    private int depth;

    /** The codes for which a condition may be true, and those for which it may be false. */
    private record Answer(BitSet yes, BitSet no) {}

    private FailureRoute(Script script, String name, boolean kamailio) {
        this.script = script;
        this.name = name;
        this.kamailio = kamailio;
    }

    static FailureRoute of(Script script, Script.Route route, boolean kamailio) {
        FailureRoute read = new FailureRoute(script, route.name(), kamailio);
        BitSet all = new BitSet();
        all.set(FIRST, LAST + 1);
        read.run(route.body(), all);
        return read;
    }

    boolean triesNext() {
        return !next.isEmpty();
    }

    /** The value of {@code relay.failover}. */
    String failover() {
        return codes(next);
    }

    /** The value of {@code relay.stop}: 503 is a failure unless it is an exception. */
    String stop() {
        return next.get(503) ? "" : "503";
    }

    private static String codes(BitSet set) {
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

    /**
     * The keys of {@code relay} that set a failed destination to probing. A rule does so after the codes of its
     * failover, and after those of the default if it has none.
     *
     * @param failsOver whether the rule has a failover
     * @return null if a rule cannot mark after the same codes
     */
    List<String> mark(boolean failsOver) {
        if (marked.isEmpty()) {
            return List.of();
        }
        if (failsOver ? marked.equals(next) : marked.equals(byDefault(true))) {
            return List.of("mark = probing");
        }
        return !failsOver && marked.equals(byDefault(false)) ? List.of("stop = \"\"", "mark = probing") : null;
    }

    /** The codes of the default failover, 408 and 5xx, with or without the exceptions of the default stop. */
    private static BitSet byDefault(boolean stops) {
        BitSet codes = new BitSet();
        codes.set(408);
        codes.set(500, 600);
        if (stops) {
            List.of(501, 505, 513).forEach(codes::clear);
        }
        return codes;
    }

    /** The marks of a destination, for the report. */
    String marks() {
        return "ds_mark_dst for " + codes(marked) + ", but a rule marks after the codes of its failover";
    }

    /** The conditions on which the next destination, a mark or a response depends and that no rule can express. */
    List<String> doubts() {
        return doubts.stream().distinct().toList();
    }

    /** The conditions that the rule does not have exactly. */
    List<String> approximated() {
        return approximated.stream().distinct().toList();
    }

    /** Its other actions, which no rule expresses. */
    List<String> left() {
        return Stream.of(doubts, approximated, left)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /**
     * Executes the statements for these codes.
     *
     * @return the codes that reach the statement after them
     */
    private BitSet run(List<Script.Statement> statements, BitSet codes) {
        BitSet going = (BitSet) codes.clone();
        for (Script.Statement statement : statements) {
            if (going.isEmpty()) {
                return going;
            }
            if (statement instanceof Script.If choice) {
                Answer answer = asked(choice, going);
                going = run(choice.yes(), answer.yes());
                going.or(run(choice.no(), answer.no()));
            } else if (statement instanceof Script.FunctionCall call) {
                going = call(call, going);
            } else if (statement instanceof Script.Jump) {
                return new BitSet();
            } else if (statement instanceof Script.Assign assign) {
                if (ScriptFunctions.changesTarget(assign)
                        || ScriptFunctions.changesMessage(assign)
                        || ScriptTimers.sets(assign)) {
                    left.add(assign.text());
                }
            } else if (statement instanceof Script.Loop repeat) {
                (decides(repeat.body()) ? doubts : left).add(repeat.text());
            }
        }
        return going;
    }

    /** Evaluates the condition and sorts what no rule has exactly. */
    private Answer asked(Script.If choice, BitSet codes) {
        List<String> outerUnknown = unknown;
        List<String> outerSimilar = similar;
        unknown = new ArrayList<>();
        similar = new ArrayList<>();
        Answer answer = ask(choice.condition(), codes, false);
        boolean decides = decides(List.of(choice));
        (decides ? doubts : left).addAll(unknown);
        if (decides) {
            approximated.addAll(similar);
        }
        unknown = outerUnknown;
        similar = outerSimilar;
        return answer;
    }

    /** Whether the statements affect what happens to the request. */
    private boolean decides(List<Script.Statement> statements) {
        return decides(statements, new HashSet<>());
    }

    private boolean decides(List<Script.Statement> statements, Set<String> routes) {
        return statements.stream()
                        .anyMatch(one -> one instanceof Script.Jump
                                || one instanceof Script.If choice
                                        && (decides(choice.yes(), routes) || decides(choice.no(), routes))
                                || one instanceof Script.Loop repeat && decides(repeat.body(), routes))
                || Script.calls(statements).stream().anyMatch(call -> decides(call, routes));
    }

    private boolean decides(Script.FunctionCall call, Set<String> routes) {
        Script.Route route = call.name().equals("route") ? script.route("route", call.argument(0)) : null;
        return route != null && routes.add(route.name()) && decides(route.body(), routes)
                || call.name().matches("ds_next_\\w+|ds_mark_dst|t_on_failure")
                || ScriptFunctions.isRelay(call)
                || ScriptFunctions.isReply(call)
                || ScriptFunctions.isSelection(call);
    }

    private BitSet call(Script.FunctionCall call, BitSet codes) {
        if (call.name().equals("route")) {
            Script.Route route = script.route("route", call.argument(0));
            depth++;
            BitSet behind = route == null || depth > DEEPEST ? codes : run(route.body(), codes);
            depth--;
            return behind;
        }
        if (call.name().startsWith("ds_next_")) {
            next.or(codes);
        } else if (call.name().equals("ds_mark_dst")) {
            mark(call, codes);
        } else if (call.name().equals("t_on_failure")) {
            again.or(codes);
            if (!call.argument(0).equals(name)) {
                left.add(call.written());
            }
        } else if (ScriptFunctions.isRelay(call) && !ScriptFunctions.hasFixedTarget(call)) {
            relayed(codes);
            return new BitSet();
        } else if (!ScriptFunctions.isQuiet(call)
                && (ScriptFunctions.isReply(call) || ScriptFunctions.isRelay(call) || !isHarmless(call))) {
            left.add(call.written());
        }
        return codes;
    }

    private static boolean isHarmless(Script.FunctionCall call) {
        return call.name()
                .matches(
                        "unforce_rtp_proxy|rtpproxy_unforce|rtpengine_delete|rtpengine_manage|acc_\\w+|do_accounting|exit|drop");
    }

    private void relayed(BitSet codes) {
        BitSet once = (BitSet) codes.clone();
        once.and(next);
        once.andNot(again);
        if (!once.isEmpty()) {
            left.add("one further destination only: t_on_failure() is not called again");
        }
    }

    /** Kamailio still uses a destination in state probing, unless it is also inactive. */
    private void mark(Script.FunctionCall call, BitSet codes) {
        String state = call.argument(0).toLowerCase(Locale.ROOT);
        boolean probing = kamailio ? state.matches("ip|pi") : state.matches("p|2|probing");
        if (probing && codes.intersects(next)) {
            left.add(call.written() + " after ds_next_dst(), which marks the next destination");
        } else if (probing) {
            marked.or(codes);
        } else {
            left.add(call.written());
        }
    }

    /** @param negated whether an odd number of negations is around the expression */
    private Answer ask(Script.Expression expression, BitSet codes, boolean negated) {
        if (expression instanceof Script.Not not) {
            Answer inner = ask(not.inner(), codes, !negated);
            return new Answer(inner.no(), inner.yes());
        }
        if (expression instanceof Script.And and) {
            Answer left = ask(and.left(), codes, negated);
            Answer right = ask(and.right(), left.yes(), negated);
            return new Answer(right.yes(), either(left.no(), right.no()));
        }
        if (expression instanceof Script.Or or) {
            Answer left = ask(or.left(), codes, negated);
            Answer right = ask(or.right(), left.no(), negated);
            return new Answer(either(left.yes(), right.yes()), right.no());
        }
        Script.Test test = (Script.Test) expression;
        if (test.call() != null && test.operator().isEmpty()) {
            return ask(test, test.call(), codes, negated);
        }
        if (test.call() != null) {
            call(test.call(), codes);
        }
        return compared(test, codes);
    }

    private static BitSet either(BitSet one, BitSet other) {
        BitSet both = (BitSet) one.clone();
        both.or(other);
        return both;
    }

    private Answer ask(Script.Test test, Script.FunctionCall call, BitSet codes, boolean negated) {
        String name = call.name();
        boolean isSet = name.equals("t_is_set") && call.argument(0).equals("failure_route");
        if (isSet || name.matches("t_was_cancelled|t_is_canceled|t_is_cancelled")) {
            return always(false, codes);
        }
        if (name.matches("t_branch_timeout|t_any_timeout|t_local_replied")) {
            similar.add("if " + test.text() + ": taken as 408, so a 408 that a destination sends counts too");
            return only(codes, "^408$", test);
        }
        if (negated && name.matches("t_branch_replied|t_any_replied")) {
            similar.add("if not " + test.text()
                    + ": taken as true, so a destination that has sent a provisional response counts too");
            return always(false, codes);
        }
        if (name.equals("is_method")
                && call.argument(0).toUpperCase(Locale.ROOT).matches("(.*\\|)?INVITE(\\|.*)?")) {
            similar.add("if " + test.text() + ": taken as true, so it applies to all methods");
            return always(true, codes);
        }
        if (name.equals("t_check_status")) {
            return only(codes, call.argument(0), test);
        }
        call(call, codes);
        if (ScriptFunctions.isRelay(call)) {
            return always(true, codes);
        }
        return name.startsWith("ds_next_") ? new Answer(codes, codes) : unknown("if " + test.text(), codes);
    }

    private static Answer always(boolean value, BitSet codes) {
        return value ? new Answer(codes, new BitSet()) : new Answer(new BitSet(), codes);
    }

    private Answer unknown(String condition, BitSet codes) {
        unknown.add(condition);
        return new Answer(codes, codes);
    }

    private Answer compared(Script.Test test, BitSet codes) {
        if (test.operator().isEmpty() && test.left().matches("\\d+")) {
            return always(!test.left().matches("0+"), codes);
        }
        if (!test.left().matches("\\$T_reply_code|\\$rs|status|\\$\\(<reply>rs\\)")) {
            return unknown("if " + test.text(), codes);
        }
        if (test.operator().matches("[=!]~")) {
            Answer found = only(codes, test.right(), test);
            return test.operator().startsWith("!") ? new Answer(found.no(), found.yes()) : found;
        }
        if (test.operator().isEmpty() || !test.right().matches("\\d{3}")) {
            return unknown("if " + test.text(), codes);
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

    private Answer only(BitSet codes, String pattern, Script.Test test) {
        String java = pattern.isEmpty() || pattern.matches(".*\\$[a-zA-Z(].*") ? null : PosixPattern.java(pattern);
        if (java == null) {
            return unknown("if " + test.text(), codes);
        }
        Pattern compiled = Pattern.compile(java);
        return matching(codes, code -> compiled.matcher(String.valueOf(code)).find());
    }

    private static Answer matching(BitSet codes, IntPredicate matches) {
        BitSet yes = new BitSet();
        codes.stream().filter(matches).forEach(yes::set);
        BitSet no = (BitSet) codes.clone();
        no.andNot(yes);
        return new Answer(yes, no);
    }
}
