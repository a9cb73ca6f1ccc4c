package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;

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
    private final BitSet next = new BitSet();
    private final List<String> left = new ArrayList<>();
    private boolean marks;
    private int depth;

    private FailureRoute(Script script, boolean kamailio) {
        this.script = script;
        this.kamailio = kamailio;
    }

    static FailureRoute of(Script script, Script.Route route, boolean kamailio) {
        FailureRoute read = new FailureRoute(script, kamailio);
        BitSet all = new BitSet();
        all.set(FIRST, LAST + 1);
        read.run(route.body(), all);
        return read;
    }

    /** The value of {@code relay.failover}; empty if the next destination is never tried. */
    String failover() {
        StringJoiner codes = new StringJoiner(",");
        for (int first = FIRST; first < LAST; first += 100) {
            if (next.get(first, first + 100).cardinality() == 100) {
                codes.add(first / 100 + "xx");
            } else {
                int from = first;
                next.get(first, first + 100).stream().forEach(code -> codes.add(String.valueOf(from + code)));
            }
        }
        return codes.toString();
    }

    /** Whether a failed destination is set to probing. */
    boolean marks() {
        return marks;
    }

    /** Its other actions, which no rule expresses. */
    List<String> left() {
        return left.stream().distinct().toList();
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
                BitSet yes = ask(choice.condition(), going);
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
            } else if (statement instanceof Script.Assign assign && ScriptFunctions.changesTarget(assign)) {
                left.add(assign.text());
            } else if (statement instanceof Script.Loop repeat) {
                left.add(repeat.text());
            }
        }
        return going;
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
            mark(call);
        } else if (ScriptFunctions.isRelay(call) && !ScriptFunctions.hasFixedTarget(call)) {
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

    /** Kamailio still uses a destination in state probing, unless it is also inactive. */
    private void mark(Script.FunctionCall call) {
        String state = call.argument(0).toLowerCase(Locale.ROOT);
        boolean probing = kamailio ? state.matches("ip|pi") : state.matches("p|2|probing");
        if (probing) {
            marks = true;
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
        if (name.matches("t_was_cancelled|t_is_canceled|t_is_cancelled|t_branch_replied|t_any_replied")) {
            return new BitSet();
        }
        if (name.matches("t_branch_timeout|t_any_timeout")) {
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
            left.add("if " + test.text());
        }
        return (BitSet) codes.clone();
    }

    private static BitSet above(Script.Test test, BitSet codes) {
        BitSet found = new BitSet();
        int limit = test.right().matches("\\d{3}") ? Integer.parseInt(test.right()) : 0;
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
        String java = PosixPattern.java(pattern);
        BitSet found = new BitSet();
        if (java == null) {
            left.add("the codes " + pattern);
            return found;
        }
        Pattern compiled = Pattern.compile(java);
        codes.stream()
                .filter(code -> compiled.matcher(String.valueOf(code)).find())
                .forEach(found::set);
        return found;
    }
}
