package org.sipdispatch.migrate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Determines whether a script also selects for requests within dialogs, which this program routes along their dialog
 * automatically.
 */
final class DialogSelections {
    private final Script script;

    DialogSelections(Script script) {
        this.script = script;
    }

    /** Whether the fact is that a request follows its Route, which rules never see. */
    static boolean isLooseRoute(ScriptCondition fact) {
        return fact.criterion() == ScriptCondition.Criterion.NEVER
                && fact.text().startsWith("loose_route");
    }

    boolean exist() {
        return script.routes().stream().anyMatch(route -> selectsInDialogs(route.body()));
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
        return isHasToTag(inner);
    }

    private static boolean isHasToTag(Script.Expression condition) {
        return condition instanceof Script.And and
                ? isHasToTag(and.left()) || isHasToTag(and.right())
                : condition instanceof Script.Test test
                        && test.call() != null
                        && test.call().name().equals("has_totag");
    }

    /** Whether these statements, or the routes that they call, may select by the dispatcher. */
    private boolean selects(List<Script.Statement> statements, Set<String> routes) {
        return Script.calls(statements).stream()
                .anyMatch(call ->
                        ScriptFunctions.isDispatch(call) || call.name().equals("route") && routeSelects(call, routes));
    }

    /** A route that is not known may select. */
    private boolean routeSelects(Script.FunctionCall call, Set<String> routes) {
        Script.Route route = script.route("route", call.argument(0));
        return route == null || routes.add(route.name()) && selects(route.body(), routes);
    }
}
