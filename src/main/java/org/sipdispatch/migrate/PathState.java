package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The state on a path through a script.
 *
 * @param selected the dispatcher's current selections; empty for none
 * @param target another choice of the target; empty for none
 * @param changed the changes of the Request-URI
 * @param caveats the executed statements whose effect is unknown
 * @param precedingCalls the dispatcher's selections so far, also those that another target replaced
 * @param values the known values of variables, by the variables as written
 */
record PathState(
        List<Script.FunctionCall> selected,
        String target,
        String failureRoute,
        ScriptTimers timers,
        List<String> changed,
        List<String> caveats,
        List<Script.FunctionCall> precedingCalls,
        Map<String, String> values,
        List<ScriptCondition> holding,
        List<ScriptCondition> failing,
        int depth) {
    /** No variable of a script has this name. */
    private static final String SOCKET = "the socket";

    /** Begins the names under which blacklists are kept. */
    private static final String BLACKLIST = "the blacklist ";

    private static final String PUSHED = "the pushed attributes";

    static final PathState START = new PathState(
            List.of(), "", "", ScriptTimers.NONE, List.of(), List.of(), List.of(), Map.of(), List.of(), List.of(), 0);

    PathState withSelection(Script.FunctionCall call) {
        return new PathState(
                List.of(call),
                "",
                failureRoute,
                timers,
                changed,
                caveats,
                plus(precedingCalls, call),
                values,
                holding,
                failing,
                depth);
    }

    PathState withoutSelection() {
        return new PathState(
                List.of(),
                target,
                failureRoute,
                timers,
                changed,
                caveats,
                precedingCalls,
                values,
                holding,
                failing,
                depth);
    }

    PathState withTarget(String other) {
        return new PathState(
                List.of(),
                other,
                failureRoute,
                timers,
                changed,
                caveats,
                precedingCalls,
                values,
                holding,
                failing,
                depth);
    }

    PathState withFailureRoute(String route) {
        return new PathState(
                selected, target, route, timers, changed, caveats, precedingCalls, values, holding, failing, depth);
    }

    PathState withTimers(ScriptTimers set) {
        return new PathState(
                selected, target, failureRoute, set, changed, caveats, precedingCalls, values, holding, failing, depth);
    }

    PathState withChange(String what) {
        return new PathState(
                selected,
                target,
                failureRoute,
                timers,
                plus(changed, what),
                caveats,
                precedingCalls,
                values,
                holding,
                failing,
                depth);
    }

    /** The state after something that may have any effect. */
    PathState withCaveat(String what) {
        List<String> more = caveats.contains(what) ? caveats : plus(caveats, what);
        return new PathState(
                selected,
                target,
                failureRoute,
                timers,
                changed,
                more,
                precedingCalls,
                Map.of(),
                holding,
                failing,
                depth);
    }

    /** The state after a statement that chooses the socket to send from. */
    PathState withSocket(String statement) {
        return withValue(SOCKET, statement);
    }

    /** The statement that chooses the socket to send from; null for none. */
    String socket() {
        return values.get(SOCKET);
    }

    /** The state after a call that pushes attributes for the sender. */
    PathState withPush(Script.FunctionCall call) {
        return withValue(PUSHED, call.offset() + " " + call.argument(0));
    }

    /** The attributes that the script pushes for the sender; null for none. */
    ScriptOutcome.AttrsPush push() {
        String pushed = values.get(PUSHED);
        if (pushed == null) {
            return null;
        }
        int space = pushed.indexOf(' ');
        return new ScriptOutcome.AttrsPush(Integer.parseInt(pushed.substring(0, space)), pushed.substring(space + 1));
    }

    /** The names of the blacklists that the script uses now. */
    List<String> blacklists() {
        return values.entrySet().stream()
                .filter(one -> one.getKey().startsWith(BLACKLIST))
                .map(Map.Entry::getValue)
                .filter(name -> !name.isEmpty())
                .sorted()
                .toList();
    }

    private PathState withBlacklist(Script.FunctionCall call) {
        String name = call.argument(0);
        boolean used = call.name().equals("use_blacklist");
        return name.matches("[\\w.-]+")
                ? withValue(BLACKLIST + name, used ? name : "")
                : withCaveat(call.located() + ", which a rule expresses by blacklist in its relay block");
    }

    /** Whether the request is within a dialog, and the script has not tried its Route. */
    boolean isInUnroutedDialog() {
        return isInDialog() && failing.stream().noneMatch(DialogSelections::isLooseRoute);
    }

    boolean isInDialog() {
        return holding.stream()
                .anyMatch(fact -> fact.criterion() == ScriptCondition.Criterion.TO_TAG
                        && fact.value().equals("on"));
    }

    PathState withValue(String variable, String value) {
        Map<String, String> more = new HashMap<>(values);
        more.put(variable, value);
        return withValues(more);
    }

    /** The state without the values of the variables with these names. */
    PathState forgetting(Predicate<String> names) {
        if (values.isEmpty()) {
            return this;
        }
        Map<String, String> fewer = new HashMap<>(values);
        fewer.keySet()
                .removeIf(variable -> ScriptVariables.names(variable).stream().anyMatch(names));
        return withValues(fewer);
    }

    private PathState withValues(Map<String, String> others) {
        return new PathState(
                selected,
                target,
                failureRoute,
                timers,
                changed,
                caveats,
                precedingCalls,
                others,
                holding,
                failing,
                depth);
    }

    PathState withFact(ScriptCondition fact, boolean holds) {
        return new PathState(
                selected,
                target,
                failureRoute,
                timers,
                changed,
                caveats,
                precedingCalls,
                values,
                holds ? plus(holding, fact) : holding,
                holds ? failing : plus(failing, fact),
                depth);
    }

    /** The call with the known values of its variables. */
    Script.FunctionCall withKnownValues(Script.FunctionCall call) {
        return new Script.FunctionCall(
                call.name(),
                call.arguments().stream()
                        .map(one -> SetFunctions.known(one, values.get(one)))
                        .toList(),
                call.place(),
                call.offset());
    }

    PathState deeper(int more) {
        return new PathState(
                selected,
                target,
                failureRoute,
                timers,
                changed,
                caveats,
                precedingCalls,
                values,
                holding,
                failing,
                depth + more);
    }

    private static <T> List<T> plus(List<T> list, T one) {
        List<T> more = new ArrayList<>(list);
        more.add(one);
        return List.copyOf(more);
    }

    /** The state after a call that neither ends the path nor selects. */
    PathState after(Script.FunctionCall call) {
        if (ScriptTimers.sets(call)) {
            return withTimers(timers.after(call));
        }
        if (ScriptFunctions.choosesSocket(call)) {
            return withSocket(call.written());
        }
        if (ScriptTimers.resets(call)) {
            return withTimers(ScriptTimers.NONE);
        }
        if (ScriptFunctions.setsBlacklist(call)) {
            return withBlacklist(call);
        }
        PathState after = forgetting(name -> ScriptVariables.mayWrite(call, name));
        if (SetFunctions.counts(call)) {
            return after.withValue(call.argument(2), SetFunctions.count(call));
        }
        return ScriptFunctions.rewrites(call) ? after.withChange(call.written()) : after;
    }

    PathState after(Script.Assign assign, ScriptVariables variables) {
        if (assign.variable().matches("\\$d[udp].*")) {
            return withTarget(assign.text());
        }
        if (ScriptFunctions.choosesSocket(assign)) {
            return withSocket(assign.text());
        }
        if (ScriptFunctions.changesTarget(assign)) {
            return withChange(assign.text());
        }
        if (ScriptTimers.sets(assign)) {
            return withTimers(timers.after(assign));
        }
        if (assign.text().contains("ds_select_")) {
            return withTarget(assign.text());
        }
        Set<String> names = ScriptVariables.names(assign.variable());
        PathState before = forgetting(names::contains);
        return assign.constant() == null || names.stream().anyMatch(variables::mayBeWrittenByModules)
                ? before
                : before.withValue(assign.variable(), assign.constant());
    }
}
