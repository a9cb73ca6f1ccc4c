package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.migrate.ReplyCodes.ConditionCodes;

/**
 * The effect of a failure route: the final codes on which the next destination is tried, and everything that a rule
 * cannot express.
 */
final class FailureRoute {
    private static final int DEEPEST = 5;

    private final Script script;
    private final boolean kamailio;
    private final String name;
    /** The condition of {@code approximated} that is taken with the opposite result; empty for none. */
    private final String opposite;
    /** The codes after which the next destination is tried. */
    private final BitSet next = new BitSet();
    /** The codes after which the destination is set to probing. */
    private final BitSet marked = new BitSet();
    /** The codes after which the destination is set to inactive. */
    private final BitSet held = new BitSet();
    /** The codes after which the route is set again for the next destination. */
    private final BitSet again = new BitSet();

    private final AllFailedReply allFailed = new AllFailedReply();
    private final List<String> left = new ArrayList<>();
    private final List<String> caveats = new ArrayList<>();
    /** The conditions on which the above depends and that a rule only approximates. */
    private final List<String> approximated = new ArrayList<>();
    /** The conditions just evaluated that no rule can express. */
    private List<String> unknown = new ArrayList<>();
    /** The conditions just evaluated that a rule only approximates. */
    private List<String> similar = new ArrayList<>();

    /** The codes that left the current route by {@code return}, and the current loop by {@code break}. */
    private BitSet returned = new BitSet();

    private BitSet broken = new BitSet();
    private int depth;

    private FailureRoute(Script script, String name, boolean kamailio, String opposite) {
        this.script = script;
        this.name = name;
        this.kamailio = kamailio;
        this.opposite = opposite;
    }

    static FailureRoute of(Script script, Script.Route route, boolean kamailio) {
        FailureRoute read = executed(script, route, kamailio, "");
        read.approximated.removeIf(one -> read.hasEffectOf(executed(script, route, kamailio, one)));
        return read;
    }

    private static FailureRoute executed(Script script, Script.Route route, boolean kamailio, String opposite) {
        FailureRoute read = new FailureRoute(script, route.name(), kamailio, opposite);
        read.run(route.body(), ReplyCodes.failures());
        return read;
    }

    /** Whether both failure routes become the same rule. */
    private boolean hasEffectOf(FailureRoute other) {
        return next.equals(other.next)
                && marked.equals(other.marked)
                && held.equals(other.held)
                && Objects.equals(allFailed(), other.allFailed());
    }

    boolean triesNext() {
        return !next.isEmpty();
    }

    /** The value of {@code relay.failover}. */
    String failover() {
        return ReplyCodes.text(next);
    }

    /** The value of {@code relay.stop}: 503 is a failure unless it is an exception. */
    String stop() {
        return next.get(503) ? "" : "503";
    }

    /**
     * The keys of {@code relay} that mark a failed destination.
     *
     * @param failsOver whether the rule has a failover; without codes of its own a rule marks after the codes of its
     *     failover, and after those of the default if it has none
     */
    List<String> mark(boolean failsOver) {
        if (marked.isEmpty() && held.isEmpty()) {
            return List.of();
        }
        if (marked.isEmpty() || held.isEmpty()) {
            String one = marked.isEmpty() ? "mark = inactive" : "mark = probing";
            BitSet codes = ReplyCodes.either(marked, held);
            if (failsOver ? codes.equals(next) : codes.equals(ReplyCodes.byDefault(true))) {
                return List.of(one);
            }
            if (!failsOver && codes.equals(ReplyCodes.byDefault(false))) {
                return List.of("stop = \"\"", one);
            }
        }
        String lists = Stream.of(codes("probing", ReplyCodes.without(marked, held)), codes("inactive", held))
                .filter(list -> !list.isEmpty())
                .collect(Collectors.joining(", "));
        return List.of("mark { " + lists + " }");
    }

    private static String codes(String key, BitSet codes) {
        return codes.isEmpty() ? "" : key + " = " + ConfWriter.quoted(ReplyCodes.text(codes));
    }

    /** The reply if there is no next destination; null for none, or one that a rule cannot express. */
    Script.FunctionCall allFailed() {
        return triesNext() ? allFailed.reply(next) : null;
    }

    /** The conditions on which the next destination, a mark or a response depends and that no rule can express. */
    List<String> caveats() {
        return caveats.stream().distinct().toList();
    }

    /** The conditions that a rule only approximates. */
    List<String> approximated() {
        return approximated.stream().distinct().toList();
    }

    /** The other actions of the route, and the conditions that a rule only approximates. */
    List<String> left() {
        return Stream.of(approximated, left, allFailed.left(next))
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
                going = allFailed.branches(choice, asked(choice, going), this::run);
            } else if (statement instanceof Script.FunctionCall call) {
                going = call(call, going);
            } else if (statement instanceof Script.Jump jump) {
                return left(jump, going);
            } else if (statement instanceof Script.Unread unread) {
                caveats.add("\"" + unread.text() + "\" at " + unread.place() + ", which cannot be read");
            } else if (statement instanceof Script.Assign assign) {
                if (ScriptFunctions.changesTarget(assign)
                        || ScriptFunctions.changesMessage(assign)
                        || ScriptTimers.sets(assign)) {
                    left.add(assign.text() + " at " + assign.place());
                }
            } else if (statement instanceof Script.Loop repeat) {
                going = loop(repeat, going);
            }
        }
        return going;
    }

    /** Sorts the codes that leave a route or a loop; none reach the next statement. */
    private BitSet left(Script.Jump jump, BitSet codes) {
        if (jump.isReturn()) {
            returned = ReplyCodes.either(returned, codes);
        } else if (jump.keyword().equals("break")) {
            broken = ReplyCodes.either(broken, codes);
        }
        if (!jump.computed().isEmpty()) {
            caveats.add(jump.computed() + " at " + jump.place() + ", which ends the script if it is 0");
        }
        return new BitSet();
    }

    /** Executes the parts of a loop or {@code switch} for all codes, as an outline. */
    private BitSet loop(Script.Loop repeat, BitSet codes) {
        boolean decides = decides(ScriptFunctions.withoutBreaks(repeat.body()));
        (decides ? caveats : left).add(repeat.text() + " at " + repeat.place());
        BitSet outer = broken;
        broken = new BitSet();
        BitSet behind = codes;
        for (List<Script.Statement> part : repeat.parts()) {
            behind = ReplyCodes.either(behind, run(part, codes));
        }
        behind = ReplyCodes.either(behind, broken);
        broken = outer;
        return behind;
    }

    /** Evaluates the condition, and sorts the parts that no rule can express exactly. */
    private ConditionCodes asked(Script.If choice, BitSet codes) {
        List<String> outerUnknown = unknown;
        List<String> outerSimilar = similar;
        unknown = new ArrayList<>();
        similar = new ArrayList<>();
        ConditionCodes answer = ask(choice.condition(), codes, false);
        boolean decides = decides(List.of(choice));
        (decides ? caveats : left).addAll(unknown);
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
        boolean isUnknown = route == null && call.name().equals("route");
        return isUnknown
                || route != null && routes.add(route.name()) && decides(route.body(), routes)
                || call.name().matches("ds_next_\\w+|ds_mark_dst|t_on_failure")
                || ScriptFunctions.isRelay(call)
                || ScriptFunctions.isReply(call)
                || ScriptFunctions.isSelection(call);
    }

    private BitSet call(Script.FunctionCall call, BitSet codes) {
        if (call.name().equals("route")) {
            return route(call, codes);
        }
        if (call.name().startsWith("ds_next_")) {
            next.or(codes);
        } else if (call.name().equals("ds_mark_dst")) {
            mark(call, codes);
        } else if (call.name().equals("t_on_failure")) {
            again.or(codes);
            if (!call.argument(0).equals(name)) {
                left.add(call.located());
            }
        } else if (ScriptFunctions.isRelay(call) && !ScriptFunctions.hasFixedTarget(call)) {
            relayed(call, codes);
            return new BitSet();
        } else if (!allFailed.take(call, codes)
                && !ScriptFunctions.isQuiet(call)
                && (ScriptFunctions.isReply(call) || ScriptFunctions.isRelay(call) || !isHarmless(call))) {
            left.add(call.located());
        }
        return codes;
    }

    private BitSet route(Script.FunctionCall call, BitSet codes) {
        Script.Route route = script.route("route", call.argument(0));
        if (route == null || depth > DEEPEST) {
            caveats.add(call.located() + ", which cannot be followed");
            return codes;
        }
        BitSet outer = returned;
        returned = new BitSet();
        depth++;
        BitSet behind = run(route.body(), codes);
        allFailed.joined(returned);
        behind = ReplyCodes.either(behind, returned);
        depth--;
        returned = outer;
        return behind;
    }

    private static boolean isHarmless(Script.FunctionCall call) {
        return call.name()
                .matches(
                        "unforce_rtp_proxy|rtpproxy_unforce|rtpengine_delete|rtpengine_manage|acc_\\w+|do_accounting|exit|drop");
    }

    private void relayed(Script.FunctionCall call, BitSet codes) {
        if (!ReplyCodes.without(ReplyCodes.both(codes, next), again).isEmpty()) {
            left.add("one further destination only: t_on_failure() is not called again before " + call.located());
        }
    }

    /**
     * Kamailio still uses a destination in state probing, unless it is also inactive. Its inactive destinations return
     * with a ping, so its inactive state is no hold.
     */
    private void mark(Script.FunctionCall call, BitSet codes) {
        String state = (call.arguments().isEmpty() ? "i" : call.argument(0)).toLowerCase(Locale.ROOT);
        boolean probing = kamailio ? state.matches("ip|pi") : state.matches("p|2|probing");
        boolean inactive = !kamailio && state.matches("i|0");
        if ((probing || inactive) && codes.intersects(next)) {
            left.add(call.written() + " after ds_next_dst(), which marks the next destination, at " + call.place());
        } else if (probing || inactive) {
            (probing ? marked : held).or(codes);
        } else {
            left.add(call.located());
        }
    }

    /** @param negated whether an odd number of negations is around the expression */
    private ConditionCodes ask(Script.Expression expression, BitSet codes, boolean negated) {
        if (expression instanceof Script.Not not) {
            return ask(not.inner(), codes, !negated).negated();
        }
        if (expression instanceof Script.And and) {
            ConditionCodes left = ask(and.left(), codes, negated);
            ConditionCodes right = ask(and.right(), left.yes(), negated);
            return new ConditionCodes(right.yes(), ReplyCodes.either(left.no(), right.no()));
        }
        if (expression instanceof Script.Or or) {
            ConditionCodes left = ask(or.left(), codes, negated);
            ConditionCodes right = ask(or.right(), left.no(), negated);
            return new ConditionCodes(ReplyCodes.either(left.yes(), right.yes()), right.no());
        }
        Script.Test test = (Script.Test) expression;
        if (test.call() != null && test.operator().isEmpty()) {
            return ask(test, test.call(), codes, negated);
        }
        if (test.call() != null) {
            call(test.call(), codes);
        }
        return or(ReplyCodes.compared(test, codes), test, codes);
    }

    private ConditionCodes ask(Script.Test test, Script.FunctionCall call, BitSet codes, boolean negated) {
        String name = call.name();
        if (name.equals("t_is_set") && call.argument(0).equals("failure_route")) {
            return new ConditionCodes(ReplyCodes.both(codes, again), ReplyCodes.without(codes, again));
        }
        if (name.matches("t_was_cancelled|t_is_canceled|t_is_cancelled")) {
            return ConditionCodes.always(false, codes);
        }
        if (name.matches("t_branch_timeout|t_any_timeout|t_local_replied")) {
            return similar(
                    "if " + test.text() + ": taken as 408, so a 408 that a destination sends counts too",
                    test,
                    ReplyCodes.matching(codes, "^408$"),
                    ConditionCodes.always(false, codes));
        }
        if (negated && name.matches("t_branch_replied|t_any_replied")) {
            return similar(
                    "if not " + test.text()
                            + ": taken as true, so a destination that has sent a provisional response counts too",
                    test,
                    ConditionCodes.always(false, codes),
                    ConditionCodes.always(true, codes));
        }
        if (name.equals("is_method")
                && call.argument(0).toUpperCase(Locale.ROOT).matches("(.*\\|)?INVITE(\\|.*)?")) {
            return similar(
                    "if " + test.text() + ": taken as true, so it applies to all methods",
                    test,
                    ConditionCodes.always(true, codes),
                    ConditionCodes.always(false, codes));
        }
        if (name.equals("t_check_status")) {
            return or(ReplyCodes.matching(codes, call.argument(0)), test, codes);
        }
        call(call, codes);
        if (ScriptFunctions.isRelay(call)) {
            return ConditionCodes.always(true, codes);
        }
        return name.startsWith("ds_next_") ? new ConditionCodes(codes, codes) : or(null, test, codes);
    }

    /** The result of a condition in a rule that only approximates it. */
    private ConditionCodes similar(String what, Script.Test test, ConditionCodes taken, ConditionCodes otherwise) {
        String located = what + ", at " + test.place();
        similar.add(located);
        return located.equals(opposite) ? otherwise : taken;
    }

    /** The answer, if it is known. */
    private ConditionCodes or(ConditionCodes known, Script.Test test, BitSet codes) {
        if (known != null) {
            return known;
        }
        unknown.add("if " + test.text() + ", at " + test.place());
        return new ConditionCodes(codes, codes);
    }
}
