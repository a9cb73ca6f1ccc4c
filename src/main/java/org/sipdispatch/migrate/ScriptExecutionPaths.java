package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.sipdispatch.migrate.ScriptOutcome.Leaf;
import org.sipdispatch.migrate.ScriptOutcome.ScriptAction;

/** Follows every path through the main route and returns the outcome of each. */
final class ScriptExecutionPaths {
    /** The maximum number of decisions, which is more than a usable list of rules needs. */
    private static final int MOST = 3000;

    private static final int DEEPEST = 30;

    private interface Continuation extends Function<PathState, ScriptOutcome> {}

    /** The statements that follow a {@code return}, and a {@code break}. */
    private record Exits(Continuation returned, Continuation broken) {
        static Exits ofRoute(Continuation returned) {
            return new Exits(
                    returned,
                    state -> returned.apply(state.withCaveat("a break outside of a loop and switch is not followed")));
        }
    }

    private final Script script;
    private final ScriptConditions conditions;
    private final ScriptFunctions verbs;
    private final ScriptVariables variables;
    /** Whether rules decide about requests within dialogs that have no valid Route. */
    private final boolean dispatchesDialogs;

    /** The answers to OPTIONS that the node gives itself. */
    private final Map<Script.FunctionCall, OptionsKeepalive.KeepaliveAnswer> keepalives = new HashMap<>();
    /** The answers that a path reaches otherwise. */
    private final Set<Script.FunctionCall> answers = new HashSet<>();
    /** The replies at the ends of paths, by position. */
    private final Set<Integer> replies = new HashSet<>();

    /** The calls of which conditions or blacklists of rules are made, by position. */
    private final Set<Integer> conditionCalls = new HashSet<>();

    private final MessageSizeConditions sizes = new MessageSizeConditions();
    private int decisions;

    private boolean answersDialogs;

    private ScriptExecutionPaths(
            Script script, ScriptConditions conditions, boolean dispatchesDialogs, boolean pushes) {
        this.script = script;
        this.conditions = conditions;
        Set<String> selectors = new HashSet<>();
        for (Script.Route route : script.routes()) {
            for (Script.FunctionCall call : Script.calls(route.body())) {
                if (ScriptFunctions.isDispatch(call) || SetFunctions.counts(call)) {
                    call.arguments().forEach(argument -> selectors.addAll(ScriptVariables.names(argument)));
                }
            }
        }
        this.variables = new ScriptVariables(script);
        this.verbs = new ScriptFunctions(script, selectors, pushes);
        this.dispatchesDialogs = dispatchesDialogs;
    }

    /**
     * The paths of that script. Requests of unknown dialogs reach the rules if the script selects for them or answers
     * them; otherwise requests within dialogs follow their dialog.
     */
    static ScriptExecutionPaths of(Script script, ScriptConditions conditions) {
        ScriptExecutionPaths dialogs = new ScriptExecutionPaths(script, conditions, true, false);
        dialogs.outcome();
        boolean dispatches = dialogs.answersDialogs || new DialogSelections(script).exist();
        return new ScriptExecutionPaths(script, conditions, dispatches, canPush(script, conditions, dispatches));
    }

    /** Whether rules can push the attributes that the script pushes, without making any rule a comment. */
    private static boolean canPush(Script script, ScriptConditions conditions, boolean dispatches) {
        if (!SetFunctions.pushes(script)) {
            return false;
        }
        ScriptOutcome plain = new ScriptExecutionPaths(script, conditions, dispatches, false).outcome();
        ScriptOutcome pushing = new ScriptExecutionPaths(script, conditions, dispatches, true).outcome();
        return ScriptOutcome.unclear(plain).containsAll(ScriptOutcome.unclear(pushing));
    }

    /** The outcome for all requests; null if there is no main route. */
    ScriptOutcome outcome() {
        Script.Route main = script.routes().stream()
                .filter(Script.Route::isMain)
                .findFirst()
                .orElse(null);
        if (main == null) {
            return null;
        }
        return run(main.body(), 0, PathState.START, PathOutcomes::silent, Exits.ofRoute(PathOutcomes::silent));
    }

    /** The answers to OPTIONS that the node gives itself, by call. */
    Map<Script.FunctionCall, OptionsKeepalive.KeepaliveAnswer> keepalives() {
        Map<Script.FunctionCall, OptionsKeepalive.KeepaliveAnswer> only = new HashMap<>(keepalives);
        only.keySet().removeAll(answers);
        return only;
    }

    /** Whether all paths were followed. */
    boolean isComplete() {
        return decisions <= MOST;
    }

    /** Whether a path ends with that reply. */
    boolean reaches(Script.FunctionCall reply) {
        return replies.contains(reply.offset());
    }

    /** Whether conditions or blacklists of rules are made of the call. */
    boolean isCondition(Script.FunctionCall call) {
        return conditionCalls.contains(call.offset());
    }

    MessageSizeConditions sizes() {
        return sizes;
    }

    private ScriptOutcome run(
            List<Script.Statement> statements, int from, PathState state, Continuation end, Exits exits) {
        int at = from;
        while (at < statements.size() && !verbs.matter(List.of(statements.get(at)))) {
            at++;
        }
        if (at == statements.size()) {
            return end.apply(state);
        }
        Script.Statement statement = statements.get(at);
        int behind = at + 1;
        Continuation next = after -> run(statements, behind, after, end, exits);
        if (statement instanceof Script.If choice) {
            return choice(choice, state, next, exits);
        }
        if (statement instanceof Script.FunctionCall call) {
            return call(call, state, next);
        }
        if (statement instanceof Script.Loop repeat) {
            return loop(repeat, state, next, exits);
        }
        if (statement instanceof Script.Assign assign) {
            return next.apply(state.after(assign, variables));
        }
        if (statement instanceof Script.Unread unread) {
            return next.apply(
                    state.withCaveat("\"" + unread.text() + "\" at " + unread.place() + ", which cannot be read"));
        }
        return jump((Script.Jump) statement, state, exits);
    }

    private ScriptOutcome jump(Script.Jump jump, PathState state, Exits exits) {
        if (jump.isReturn() && !jump.computed().isEmpty()) {
            ScriptCondition ends = ScriptCondition.unknown(jump.computed() + " is 0, which ends the script");
            return split(ends, state, PathOutcomes::silent, exits.returned());
        }
        return jump.isReturn()
                ? exits.returned().apply(state)
                : jump.keyword().equals("break") ? exits.broken().apply(state) : PathOutcomes.silent(state);
    }

    /** A loop or switch is not followed exactly, so everything behind it is uncertain, even if no path differs. */
    private ScriptOutcome loop(Script.Loop repeat, PathState state, Continuation next, Exits exits) {
        Exits inside = new Exits(exits.returned(), next);
        if (repeat.cases().isEmpty()) {
            return ++decisions > MOST
                    ? PathOutcomes.tooMany()
                    : new ScriptOutcome.Split(
                            ScriptCondition.unknown(repeat.text()),
                            run(repeat.body(), 0, state, next, inside),
                            next.apply(state));
        }
        ScriptOutcome otherwise = null;
        Map<String, ScriptOutcome> cases = new LinkedHashMap<>();
        for (Script.Case one : repeat.cases()) {
            if (++decisions > MOST) {
                return PathOutcomes.tooMany();
            }
            ScriptOutcome outcome = run(repeat.body(), one.from(), state, next, inside);
            if (one.label().equals("default")) {
                otherwise = outcome;
            } else {
                cases.put(one.label(), outcome);
            }
        }
        ScriptOutcome all = otherwise == null ? next.apply(state) : otherwise;
        List<String> labels = new ArrayList<>(cases.keySet());
        Collections.reverse(labels);
        for (String label : labels) {
            ScriptCondition fact = ScriptCondition.unknown(repeat.text() + " " + label);
            all = new ScriptOutcome.Split(fact, cases.get(label), all);
        }
        return all;
    }

    private ScriptOutcome choice(Script.If choice, PathState state, Continuation next, Exits exits) {
        OptionsKeepalive.KeepaliveAnswer keepalive = state.changed().isEmpty()
                ? OptionsKeepalive.of(choice, state, test -> conditions.asked(test, state.values()))
                : null;
        if (keepalive != null) {
            keepalives.merge(keepalive.call(), keepalive, OptionsKeepalive.KeepaliveAnswer::and);
            return run(choice.no(), 0, state, next, exits);
        }
        return ask(
                choice.condition(),
                state,
                yes -> run(choice.yes(), 0, yes, next, exits),
                no -> run(choice.no(), 0, no, next, exits));
    }

    private ScriptOutcome ask(Script.Expression expression, PathState state, Continuation yes, Continuation no) {
        if (expression instanceof Script.Not not) {
            return ask(not.inner(), state, no, yes);
        }
        String unknown = expression instanceof Script.Test ? null : unknown(expression, state);
        if (unknown != null) {
            return split(ScriptCondition.unknown(unknown), state, yes, no);
        }
        if (expression instanceof Script.And and) {
            return ask(and.left(), state, left -> ask(and.right(), left, yes, no), no);
        }
        if (expression instanceof Script.Or or) {
            return ask(or.left(), state, yes, left -> ask(or.right(), left, yes, no));
        }
        Script.Test test = (Script.Test) expression;
        Script.FunctionCall call = test.call();
        if (call != null && test.operator().isEmpty() && !call.name().equals("route")) {
            if (ScriptFunctions.isRelay(call) || ScriptFunctions.isReply(call) || ScriptFunctions.answers(call)) {
                return call(call, state, yes);
            }
            if (ScriptFunctions.isDispatch(call) || ScriptFunctions.chooses(call)) {
                return selection(call, state, yes, no);
            }
        }
        if (call != null && call.name().equals("route") && verbs.matter(List.of(call))) {
            return route(call, state, after -> split(ScriptCondition.unknown(test.text()), after, yes, no));
        }
        if (ScriptFunctions.asksFailureRoute(test)) {
            return (state.failureRoute().isEmpty() ? no : yes).apply(state);
        }
        if (MessageSizeConditions.isOne(test)) {
            return tooLarge(test, state, yes, no);
        }
        PathState after = call == null ? state : affected(call, state);
        ScriptCondition.PossiblyNegated asked = asked(test, after);
        Continuation found = found(call, asked.fact(), yes);
        return asked.negated() ? split(asked.fact(), after, no, found) : split(asked.fact(), after, found, no);
    }

    /** Continues with the set of the sender if that is what the call asks. */
    private Continuation found(Script.FunctionCall call, ScriptCondition fact, Continuation yes) {
        if (call == null || fact.criterion() != ScriptCondition.Criterion.IN_SET) {
            return yes;
        }
        conditionCalls.add(call.offset());
        return state -> yes.apply(conditions.found(fact, state));
    }

    private ScriptOutcome tooLarge(Script.Test test, PathState state, Continuation yes, Continuation no) {
        if (++decisions > MOST) {
            return PathOutcomes.tooMany();
        }
        ScriptOutcome large = yes.apply(state);
        ScriptOutcome other = no.apply(state);
        return sizes.onlyRefuses(test, large)
                ? other
                : ScriptOutcome.split(ScriptCondition.unknown(test.text()), large, other);
    }

    /** A rule sees the Request-URI that was received, so a condition on a changed one is not known. */
    private ScriptCondition.PossiblyNegated asked(Script.Test test, PathState state) {
        ScriptCondition.PossiblyNegated asked = conditions.asked(test, state.values());
        return state.changed().isEmpty() || asked.fact().criterion() != ScriptCondition.Criterion.RURI
                ? asked
                : new ScriptCondition.PossiblyNegated(
                        ScriptCondition.unknown(test.text() + ", where the Request-URI is changed before: "
                                + String.join("; ", state.changed())),
                        false);
    }

    /** The text of a condition that has no expressible part and no effect of its own; otherwise null. */
    private String unknown(Script.Expression expression, PathState state) {
        if (expression instanceof Script.Not not) {
            String inner = unknown(not.inner(), state);
            return inner == null ? null : "not (" + inner + ")";
        }
        if (expression instanceof Script.And and) {
            return joined(unknown(and.left(), state), " and ", unknown(and.right(), state));
        }
        if (expression instanceof Script.Or or) {
            return joined(unknown(or.left(), state), " or ", unknown(or.right(), state));
        }
        Script.Test test = (Script.Test) expression;
        boolean decides = test.call() != null && verbs.matter(List.of(test.call()))
                || ScriptFunctions.asksFailureRoute(test)
                || MessageSizeConditions.isOne(test);
        ScriptCondition fact = asked(test, state).fact();
        return decides || fact.isKnown() ? null : fact.text();
    }

    private static String joined(String left, String operator, String right) {
        return left == null || right == null ? null : left + operator + right;
    }

    private ScriptOutcome split(ScriptCondition fact, PathState state, Continuation yes, Continuation no) {
        boolean built = fact.criterion() == ScriptCondition.Criterion.TO_TAG && !dispatchesDialogs;
        if (DialogSelections.isLooseRoute(fact)) {
            return no.apply(state.withFact(fact, false));
        }
        Boolean given =
                built ? Boolean.valueOf(fact.value().equals("off")) : fact.given(state.holding(), state.failing());
        if (given != null) {
            return (given ? yes : no).apply(state);
        }
        if (++decisions > MOST) {
            return PathOutcomes.tooMany();
        }
        ScriptCondition narrowed = fact.narrowed(state.holding(), state.failing());
        return ScriptOutcome.split(
                narrowed, yes.apply(state.withFact(narrowed, true)), no.apply(state.withFact(fact, false)));
    }

    private ScriptOutcome call(Script.FunctionCall call, PathState state, Continuation next) {
        if (call.name().equals("route")) {
            return route(call, state, next);
        }
        if (call.name().equals("t_on_failure")) {
            return next.apply(state.withFailureRoute(call.argument(0).equals("0") ? "" : call.argument(0)));
        }
        if (SetFunctions.pushes(call)) {
            ScriptCondition sender = conditions.pushed(call);
            return sender.isKnown()
                    ? split(sender, state, yes -> next.apply(yes.withPush(call)), next)
                    : next.apply(state);
        }
        if (ScriptFunctions.isReply(call)) {
            if (ScriptFunctions.isProvisional(call)) {
                return next.apply(state);
            }
            answers.add(call);
            replies.add(call.offset());
            answersDialogs |= state.isInDialog();
            return PathOutcomes.replied(call, state);
        }
        if (ScriptFunctions.isRelay(call)) {
            return PathOutcomes.relayed(call, state);
        }
        if (ScriptFunctions.answers(call)) {
            answers.add(call);
            return Leaf.of(ScriptAction.OTHER, null, List.of(call.located()));
        }
        if (ScriptFunctions.isDispatch(call) || ScriptFunctions.chooses(call)) {
            return selection(call, state, next, next);
        }
        return next.apply(affected(call, state));
    }

    /** The state after a call that neither ends a path nor selects. */
    private PathState affected(Script.FunctionCall call, PathState state) {
        if (SetFunctions.counts(call) || ScriptFunctions.setsBlacklist(call)) {
            conditionCalls.add(call.offset());
        }
        return state.after(call);
    }

    private ScriptOutcome route(Script.FunctionCall call, PathState state, Continuation next) {
        Script.Route route = script.route("route", call.argument(0));
        if (route == null || state.depth() > DEEPEST) {
            return next.apply(state.withCaveat(call.located() + ", which cannot be followed"));
        }
        Continuation back = after -> next.apply(after.deeper(-1));
        return run(route.body(), 0, state.deeper(1), back, Exits.ofRoute(back));
    }

    private ScriptOutcome selection(Script.FunctionCall call, PathState state, Continuation yes, Continuation no) {
        Script.FunctionCall put = state.withKnownValues(call);
        if (!ScriptFunctions.isDispatch(call)) {
            ScriptOutcome chosen = yes.apply(state.withTarget(call.located()));
            return yes == no ? chosen : SelectionFallback.of(chosen, List.of(), no.apply(state.withoutSelection()));
        }
        ScriptOutcome selected = yes.apply(state.withSelection(put));
        return yes == no ? selected : SelectionFallback.of(selected, List.of(put), no.apply(state.withoutSelection()));
    }
}
