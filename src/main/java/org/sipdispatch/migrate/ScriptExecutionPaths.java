package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.sipdispatch.migrate.ScriptOutcome.Leaf;
import org.sipdispatch.migrate.ScriptOutcome.ScriptAction;

/** Follows every path through the main route and returns the outcome of each. */
final class ScriptExecutionPaths {
    /** The maximum number of decisions; more than a usable list of rules has. */
    private static final int MOST = 3000;

    private static final int DEEPEST = 30;

    private interface Continuation extends Function<PathState, ScriptOutcome> {}

    private final Script script;
    private final ScriptConditions conditions;
    private final ScriptFunctions verbs;
    private final ScriptVariables variables;
    /** Whether the script also selects for requests within dialogs, which follow their dialog automatically here. */
    private final boolean dialogsSelect;

    /** The answers to OPTIONS that the node gives itself. */
    private final Set<Script.FunctionCall> keepalives = new HashSet<>();
    /** The answers that a path reaches otherwise. */
    private final Set<Script.FunctionCall> answers = new HashSet<>();

    private int decisions;

    ScriptExecutionPaths(Script script, ScriptConditions conditions) {
        this.script = script;
        this.conditions = conditions;
        Set<String> selectors = new HashSet<>();
        script.routes()
                .forEach(route -> Script.calls(route.body()).stream()
                        .filter(ScriptFunctions::isDispatch)
                        .flatMap(call -> call.arguments().stream())
                        .forEach(argument -> selectors.addAll(ScriptVariables.names(argument))));
        this.variables = new ScriptVariables(script);
        this.verbs = new ScriptFunctions(script, selectors);
        this.dialogsSelect = script.routes().stream().anyMatch(route -> selectsInDialogs(route.body()));
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
        return run(main.body(), 0, PathState.START, this::silent, this::silent);
    }

    Set<Script.FunctionCall> keepalives() {
        Set<Script.FunctionCall> only = new HashSet<>(keepalives);
        only.removeAll(answers);
        return only;
    }

    private ScriptOutcome silent(PathState state) {
        return Leaf.of(ScriptAction.SILENT, null, List.of());
    }

    private ScriptOutcome run(
            List<Script.Statement> statements, int from, PathState state, Continuation end, Continuation returned) {
        int at = from;
        while (at < statements.size() && !verbs.matter(List.of(statements.get(at)))) {
            at++;
        }
        if (at == statements.size()) {
            return end.apply(state);
        }
        Script.Statement statement = statements.get(at);
        int behind = at + 1;
        Continuation next = after -> run(statements, behind, after, end, returned);
        if (statement instanceof Script.If choice) {
            return choice(choice, state, next, returned);
        }
        if (statement instanceof Script.FunctionCall call) {
            return call(call, state, next);
        }
        if (statement instanceof Script.Loop repeat) {
            return loop(repeat, state, next, returned);
        }
        if (statement instanceof Script.Assign assign) {
            return next.apply(assigned(assign, state));
        }
        String keyword = statement instanceof Script.Jump leave ? leave.keyword() : "";
        return keyword.equals("return")
                ? returned.apply(state)
                : keyword.equals("break") ? next.apply(state) : silent(state);
    }

    private PathState assigned(Script.Assign assign, PathState state) {
        if (assign.variable().matches("\\$d[udp].*")) {
            return state.withTarget(assign.text());
        }
        if (ScriptFunctions.changesTarget(assign)) {
            return state.withChange(assign.text());
        }
        if (ScriptTimers.sets(assign)) {
            return state.withTimers(state.timers().after(assign));
        }
        if (assign.text().contains("ds_select_")) {
            return state.withTarget(assign.text());
        }
        Set<String> names = ScriptVariables.names(assign.variable());
        PathState before = state.forgetting(names::contains);
        return assign.constant() == null || names.stream().anyMatch(variables::mayBeWrittenByModules)
                ? before
                : before.withValue(assign.variable(), assign.constant());
    }

    /** A loop or switch is not followed exactly, so everything behind it is uncertain, even if no path differs. */
    private ScriptOutcome loop(Script.Loop repeat, PathState state, Continuation next, Continuation returned) {
        if (++decisions > MOST) {
            return tooMany();
        }
        return new ScriptOutcome.Split(
                Fact.of(Fact.Criterion.UNKNOWN, "", repeat.text()),
                run(repeat.body(), 0, state, next, returned),
                next.apply(state));
    }

    private static ScriptOutcome tooMany() {
        return Leaf.of(ScriptAction.OTHER, null, List.of("the script has too many paths"));
    }

    private ScriptOutcome choice(Script.If choice, PathState state, Continuation next, Continuation returned) {
        Script.FunctionCall keepalive = state.changed().isEmpty()
                ? OptionsKeepalive.of(choice, state.holding(), test -> conditions.asked(test, state.values()))
                : null;
        if (keepalive != null) {
            keepalives.add(keepalive);
            return run(choice.no(), 0, state, next, returned);
        }
        return ask(
                choice.condition(),
                state,
                yes -> run(choice.yes(), 0, yes, next, returned),
                no -> run(choice.no(), 0, no, next, returned));
    }

    private boolean selectsInDialogs(List<Script.Statement> statements) {
        for (Script.Statement statement : statements) {
            if (statement instanceof Script.If choice) {
                boolean negated = choice.condition() instanceof Script.Not;
                boolean asks = isOfDialogs(choice.condition());
                if (asks && selects(negated ? choice.no() : choice.yes(), new HashSet<>())
                        || selectsInDialogs(choice.yes())
                        || selectsInDialogs(choice.no())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOfDialogs(Script.Expression condition) {
        Script.Expression inner = condition instanceof Script.Not not ? not.inner() : condition;
        return inner instanceof Script.Test test
                && test.call() != null
                && test.call().name().equals("has_totag");
    }

    /** Whether these statements, or the routes that they call, select by the dispatcher. */
    private boolean selects(List<Script.Statement> statements, Set<String> routes) {
        return Script.calls(statements).stream()
                .anyMatch(call ->
                        ScriptFunctions.isDispatch(call) || call.name().equals("route") && routeSelects(call, routes));
    }

    private boolean routeSelects(Script.FunctionCall call, Set<String> routes) {
        Script.Route route = script.route("route", call.argument(0));
        return route != null && routes.add(route.name()) && selects(route.body(), routes);
    }

    private ScriptOutcome ask(Script.Expression expression, PathState state, Continuation yes, Continuation no) {
        if (expression instanceof Script.Not not) {
            return ask(not.inner(), state, no, yes);
        }
        String unknown = expression instanceof Script.Test ? null : unknown(expression, state);
        if (unknown != null) {
            return split(Fact.of(Fact.Criterion.UNKNOWN, "", unknown), state, yes, no);
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
            return route(call, state, after -> split(Fact.of(Fact.Criterion.UNKNOWN, "", test.text()), after, yes, no));
        }
        PathState after = call == null ? state : affected(call, state);
        Fact.Condition asked = conditions.asked(test, after.values());
        return asked.negated() ? split(asked.fact(), after, no, yes) : split(asked.fact(), after, yes, no);
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
        boolean decides = test.call() != null && verbs.matter(List.of(test.call()));
        return decides || conditions.asked(test, state.values()).fact().isKnown() ? null : test.text();
    }

    private static String joined(String left, String operator, String right) {
        return left == null || right == null ? null : left + operator + right;
    }

    private ScriptOutcome split(Fact fact, PathState state, Continuation yes, Continuation no) {
        boolean built = fact.criterion() == Fact.Criterion.TO_TAG && !dialogsSelect;
        Boolean given =
                built ? Boolean.valueOf(fact.value().equals("off")) : fact.given(state.holding(), state.failing());
        if (given != null) {
            return (given ? yes : no).apply(state);
        }
        if (++decisions > MOST) {
            return tooMany();
        }
        Fact narrowed = fact.narrowed(state.holding(), state.failing());
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
        if (ScriptFunctions.isReply(call)) {
            return reply(call, state, next);
        }
        if (ScriptFunctions.isRelay(call)) {
            return relayed(call, state);
        }
        if (ScriptFunctions.answers(call)) {
            answers.add(call);
            return Leaf.of(ScriptAction.OTHER, null, List.of(call.written() + " at " + call.place()));
        }
        if (ScriptFunctions.isDispatch(call) || ScriptFunctions.chooses(call)) {
            return selection(call, state, next, next);
        }
        return next.apply(affected(call, state));
    }

    /** The state after a call that neither ends a path nor selects. */
    private static PathState affected(Script.FunctionCall call, PathState state) {
        if (ScriptTimers.sets(call)) {
            return state.withTimers(state.timers().after(call));
        }
        if (ScriptTimers.resets(call)) {
            return state.withTimers(ScriptTimers.NONE);
        }
        PathState after = state.forgetting(name -> ScriptVariables.mayWrite(call, name));
        return ScriptFunctions.rewrites(call) ? after.withChange(call.written()) : after;
    }

    private ScriptOutcome route(Script.FunctionCall call, PathState state, Continuation next) {
        Script.Route route = script.route("route", call.argument(0));
        if (route == null || state.depth() > DEEPEST) {
            return Leaf.of(
                    ScriptAction.OTHER,
                    null,
                    List.of(call.written() + " at " + call.place() + ", which cannot be followed"));
        }
        Continuation back = after -> next.apply(after.deeper(-1));
        return run(route.body(), 0, state.deeper(1), back, back);
    }

    private static ScriptOutcome reply(Script.FunctionCall call, PathState state, Continuation next) {
        int code = ScriptFunctions.code(call);
        if (code >= 100 && code < 200) {
            return next.apply(state);
        }
        if (code / 100 == 3 && !state.selected().isEmpty()) {
            return new Leaf(ScriptAction.REDIRECT, state.selected(), null, "", ScriptTimers.NONE, false, doubts(state));
        }
        if (code / 100 == 3) {
            return Leaf.of(
                    ScriptAction.OTHER,
                    call,
                    List.of(call.written() + " at " + call.place() + " to addresses that the script sets"));
        }
        return code >= 300
                ? Leaf.of(ScriptAction.REPLY, call, List.of())
                : Leaf.of(
                        ScriptAction.OTHER,
                        call,
                        List.of(call.written() + " at " + call.place() + ": a rule answers 300 to 699"));
    }

    private static List<String> doubts(PathState state) {
        return state.changed().isEmpty()
                ? List.of()
                : List.of("the Request-URI is changed before: " + String.join("; ", state.changed()));
    }

    private static ScriptOutcome relayed(Script.FunctionCall call, PathState state) {
        if (state.selected().isEmpty() || ScriptFunctions.hasFixedTarget(call)) {
            String where = ScriptFunctions.hasFixedTarget(call)
                    ? call.written() + " at " + call.place()
                    : state.target().isEmpty()
                            ? call.name() + " at " + call.place() + " to the Request-URI, without a selection"
                            : state.target();
            List<String> doubts = new ArrayList<>(List.of(where));
            doubts.addAll(doubts(state));
            return Leaf.of(ScriptAction.OTHER, null, doubts);
        }
        return new Leaf(
                ScriptAction.SELECT,
                state.selected(),
                null,
                state.failureRoute(),
                state.timers(),
                ScriptFunctions.isStateless(call),
                doubts(state));
    }

    private ScriptOutcome selection(Script.FunctionCall call, PathState state, Continuation yes, Continuation no) {
        Script.FunctionCall put = withKnownValues(call, state.values());
        if (!ScriptFunctions.isDispatch(call)) {
            ScriptOutcome chosen = yes.apply(state.withTarget(call.written() + " at " + call.place()));
            return yes == no ? chosen : SelectionFallback.of(chosen, List.of(), no.apply(state.withoutSelection()));
        }
        ScriptOutcome selected = yes.apply(state.withSelection(put));
        return yes == no ? selected : SelectionFallback.of(selected, List.of(put), no.apply(state.withoutSelection()));
    }

    /** The call with the known values of its variables. */
    private static Script.FunctionCall withKnownValues(Script.FunctionCall call, Map<String, String> values) {
        return new Script.FunctionCall(
                call.name(),
                call.arguments().stream()
                        .map(one -> values.getOrDefault(one, one))
                        .toList(),
                call.place());
    }
}
