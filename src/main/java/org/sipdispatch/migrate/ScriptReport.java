package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.migrate.ImportReport.Item;

/** Reports each selection, reply and route of a script, and the functions that no rule replaces. */
final class ScriptReport {
    private final Script script;
    private final ImportReport report;
    private final RuleWriter rules;
    private final boolean kamailio;
    /** The answers to OPTIONS that the node gives itself. */
    private final Set<Script.FunctionCall> keepalives;
    /** The routes that requests can reach. */
    private final Set<Script.Route> reached = new HashSet<>();

    ScriptReport(
            Script script,
            ImportReport report,
            RuleWriter rules,
            boolean kamailio,
            Set<Script.FunctionCall> keepalives) {
        this.script = script;
        this.report = report;
        this.rules = rules;
        this.kamailio = kamailio;
        this.keepalives = keepalives;
    }

    void count() {
        script.routes().stream().filter(Script.Route::isMain).findFirst().ifPresent(this::reach);
        for (Script.Route route : script.routes()) {
            List<Script.FunctionCall> calls = Script.calls(route.body());
            calls.stream().filter(ScriptFunctions::isSelection).forEach(call -> selection(route, call));
            calls.stream()
                    .filter(call ->
                            ScriptFunctions.isReply(call) && !call.name().endsWith("_error")
                                    || keepalives.contains(call))
                    .forEach(call -> reply(route, call));
            if (route.kind().equals("failure_route")) {
                failure(route);
            } else if (!reached.contains(route)) {
                other(route);
            }
        }
        functions();
        assignments();
        timers();
        script.unread().forEach(unread -> report.left(Item.OTHER, unread, "it cannot be read"));
    }

    private void reach(Script.Route route) {
        if (!reached.add(route)) {
            return;
        }
        for (Script.FunctionCall call : Script.calls(route.body())) {
            Script.Route called = call.name().equals("route") ? script.route("route", call.argument(0)) : null;
            if (called != null) {
                reach(called);
            }
        }
    }

    private void selection(Script.Route route, Script.FunctionCall call) {
        if (rules.isCarried(call)) {
            report.carried(Item.SELECTION);
            return;
        }
        String why = rules.isSketched(call)
                ? "its rule is a comment"
                : reached.contains(route)
                        ? ScriptFunctions.isDispatch(call)
                                ? "no path through the script ends there"
                                : "only the dispatcher's selections are rules"
                        : "it is in " + route.written();
        report.left(Item.SELECTION, call.written() + " at " + call.place(), why);
    }

    private void reply(Script.Route route, Script.FunctionCall call) {
        String what = call.written() + " at " + call.place();
        if (rules.isCarried(call)) {
            report.carried(Item.REPLY);
        } else if (rules.isSketched(call)) {
            report.left(Item.REPLY, what, "its rule is a comment");
        } else if (keepalives.contains(call)) {
            report.unneeded(
                    Item.REPLY,
                    what,
                    "the node answers OPTIONS for itself with 200, without a user and before any rule");
        } else if (reached.contains(route)) {
            report.unneeded(Item.REPLY, what, "such requests never reach it, or are answered without a rule");
        } else {
            report.left(Item.REPLY, what, "it is in " + route.written());
        }
    }

    private void failure(Script.Route route) {
        List<String> left =
                new ArrayList<>(FailureRoute.of(script, route, kamailio).left());
        left.addAll(rules.unmarked(route));
        String written = route.written() + " at " + route.place();
        if (!rules.isReplaced(route)) {
            report.left(Item.FAILURE_ROUTE, written, "no rule above uses it");
        } else if (left.isEmpty()) {
            report.carried(Item.FAILURE_ROUTE);
        } else {
            report.left(
                    Item.FAILURE_ROUTE,
                    written + ": " + String.join("; ", left),
                    "failover and mark are all that a rule does after a failure");
        }
    }

    private void other(Script.Route route) {
        Stream<String> calls = Script.calls(route.body()).stream()
                .filter(call -> !ScriptFunctions.isQuiet(call))
                .map(call -> call.name() + "()");
        Stream<String> assignments = Script.assignments(route.body()).stream()
                .filter(assign -> ScriptFunctions.changesTarget(assign)
                        || ScriptFunctions.changesMessage(assign)
                        || ScriptTimers.sets(assign))
                .map(Script.Assign::text);
        Stream<String> drop = !route.kind().equals("route") && drops(route.body()) ? Stream.of("drop") : Stream.of();
        String names = Stream.of(calls, assignments, drop)
                .flatMap(one -> one)
                .distinct()
                .collect(Collectors.joining(", "));
        String written = route.written() + " at " + route.place();
        if (names.isEmpty()) {
            report.unneeded(Item.OTHER_ROUTE, written, "it does nothing that matters here");
        } else {
            String why = route.kind().equals("route") ? "no route calls it" : "there is no such route here";
            report.left(Item.OTHER_ROUTE, written + ": " + names, why);
        }
    }

    /** Outside of request routes, {@code drop} discards a response or a branch. */
    private static boolean drops(List<Script.Statement> statements) {
        return statements.stream()
                .anyMatch(
                        one -> one instanceof Script.Jump jump && jump.keyword().equals("drop")
                                || one instanceof Script.If choice && (drops(choice.yes()) || drops(choice.no()))
                                || one instanceof Script.Loop repeat && drops(repeat.body()));
    }

    private void assignments() {
        reached.stream()
                .flatMap(route -> Script.assignments(route.body()).stream())
                .filter(ScriptFunctions::changesMessage)
                .forEach(assign -> report.left(
                        Item.OTHER, assign.text() + " at " + assign.place(), "rules do not change header fields"));
    }

    private void functions() {
        Map<String, Integer> names = new TreeMap<>();
        for (Script.Route route : reached) {
            for (Script.FunctionCall call : Script.calls(route.body())) {
                boolean reported = ScriptFunctions.isQuiet(call)
                        || ScriptFunctions.isRelay(call)
                        || ScriptFunctions.isReply(call)
                        || ScriptTimers.sets(call)
                        || keepalives.contains(call)
                        || ScriptFunctions.isSelection(call);
                if (!reported) {
                    names.merge(call.name() + "()", 1, Integer::sum);
                }
            }
        }
        if (!names.isEmpty()) {
            String all = names.entrySet().stream()
                    .map(entry -> entry.getKey() + (entry.getValue() > 1 ? " " + entry.getValue() + " times" : ""))
                    .collect(Collectors.joining(", "));
            report.left(Item.OTHER, "functions: " + all, "there is no script; see the page Migrating");
        }
    }

    /** A failure route names its own timers. */
    private void timers() {
        for (Script.Route route : reached) {
            Script.calls(route.body()).stream()
                    .filter(ScriptTimers::sets)
                    .map(ScriptTimers::written)
                    .forEach(this::timer);
            Script.assignments(route.body()).stream()
                    .filter(ScriptTimers::sets)
                    .map(ScriptTimers::written)
                    .forEach(this::timer);
        }
    }

    private void timer(String statement) {
        if (rules.isCarriedTimer(statement)) {
            report.carried(Item.OTHER);
        } else {
            report.left(Item.OTHER, statement, "no active rule has it; timers are numbers, 100 ms to one hour");
        }
    }
}
