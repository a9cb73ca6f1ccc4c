package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
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
    /** The conditions just evaluated that no rule can express. */
    private final List<String> unknown = new ArrayList<>();

    private int depth;

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

    /** Its other actions, which no rule expresses. */
    List<String> left() {
        return Stream.concat(doubts.stream(), left.stream()).distinct().toList();
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
                BitSet yes = asked(choice, going);
                BitSet no = (BitSet) going.clone();
                no.andNot(yes);
                if (tries(choice.condition())) {
                    no = (BitSet) going.clone();
                }
                going = run(choice.yes(), yes);
                going.or(run(choice.no(), no));
            } else if (statement instanceof Script.FunctionCall call) {
                going = call(call, going);
            } else if (statement instanceof Script.Jump) {
                return new BitSet();
            } else if (statement instanceof Script.Assign assign) {
                if (ScriptFunctions.changesTarget(assign) || ScriptTimers.sets(assign)) {
                    left.add(assign.text());
                }
            } else if (statement instanceof Script.Loop repeat) {
                (decides(repeat.body()) ? doubts : left).add(repeat.text());
            }
        }
        return going;
    }

    /** Evaluates the condition and sorts what is unknown in it. */
    private BitSet asked(Script.If choice, BitSet codes) {
        List<String> outer = List.copyOf(unknown);
        unknown.clear();
        BitSet yes = ask(choice.condition(), codes);
        (decides(List.of(choice)) ? doubts : left).addAll(unknown);
        unknown.clear();
        unknown.addAll(outer);
        return yes;
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

    /** The codes for which the condition may be true. */
    private BitSet ask(Script.Expression expression, BitSet codes) {
        if (expression instanceof Script.Not not) {
            BitSet no = (BitSet) codes.clone();
            no.andNot(ask(not.inner(), codes));
            return tries(not.inner()) ? (BitSet) codes.clone() : no;
        }
        if (expression instanceof Script.And and) {
            return ask(and.right(), ask(and.left(), codes));
        }
        if (expression instanceof Script.Or or) {
            BitSet either = ask(or.left(), codes);
            either.or(ask(or.right(), codes));
            return either;
        }
        return ask((Script.Test) expression, codes);
    }

    private BitSet ask(Script.Test test, BitSet codes) {
        String name = test.call() == null ? "" : test.call().name();
        boolean isSet = name.equals("t_is_set") && test.call().argument(0).equals("failure_route");
        if (isSet || name.matches("t_was_cancelled|t_is_canceled|t_is_cancelled|t_branch_replied|t_any_replied")) {
            return new BitSet();
        }
        if (name.matches("t_branch_timeout|t_any_timeout")) {
            return only(codes, "408");
        }
        if (name.equals("t_local_replied")) {
            left.add("if " + test.text());
            return only(codes, "408");
        }
        if (name.equals("t_check_status")) {
            return only(codes, test.call().argument(0));
        }
        if (test.operator().matches("[<>]=?") && test.left().matches("\\$T_reply_code|\\$rs|status")) {
            return above(test, codes);
        }
        if (test.left().matches("\\$T_reply_code|\\$rs|status|\\$\\(<reply>rs\\)")) {
            BitSet found = only(codes, test.operator().endsWith("~") ? test.right() : "^" + test.right() + "$");
            if (test.operator().startsWith("!")) {
                BitSet others = (BitSet) codes.clone();
                others.andNot(found);
                return others;
            }
            return found;
        }
        if (test.call() != null) {
            call(test.call(), codes);
        }
        if (!name.startsWith("ds_next_") && !name.equals("is_method") && !ScriptFunctions.isRelay(orNothing(test))) {
            unknown.add("if " + test.text());
        }
        return (BitSet) codes.clone();
    }

    private BitSet above(Script.Test test, BitSet codes) {
        if (!test.right().matches("\\d{3}")) {
            unknown.add("if " + test.text());
            return (BitSet) codes.clone();
        }
        BitSet found = new BitSet();
        int limit = Integer.parseInt(test.right());
        codes.stream()
                .filter(code -> code == limit && test.operator().endsWith("=")
                        || (test.operator().startsWith(">") ? code > limit : code < limit))
                .forEach(found::set);
        return found;
    }

    private static Script.FunctionCall orNothing(Script.Test test) {
        return test.call() == null ? new Script.FunctionCall("", List.of(), "") : test.call();
    }

    /** Whether the result can differ for the same code. */
    private static boolean tries(Script.Expression expression) {
        return Script.calls(List.of(new Script.If(expression, List.of(), List.of()))).stream()
                .anyMatch(call -> call.name().startsWith("ds_next_"));
    }

    private BitSet only(BitSet codes, String pattern) {
        String java = pattern.matches(".*\\$[a-zA-Z(].*") ? null : PosixPattern.java(pattern);
        if (java == null) {
            unknown.add("the codes " + pattern);
            return (BitSet) codes.clone();
        }
        BitSet found = new BitSet();
        Pattern compiled = Pattern.compile(java);
        codes.stream()
                .filter(code -> compiled.matcher(String.valueOf(code)).find())
                .forEach(found::set);
        return found;
    }
}
