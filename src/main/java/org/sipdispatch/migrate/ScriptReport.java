package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.migrate.ImportReport.Item;

/** Reports each selection, reply and route of a script, and the functions that no rule replaces. */
final class ScriptReport {
    private static final String NO_SOCKET =
            "it chooses the socket to send from; here the column socket of a destination does";

    private static final String HEADERS =
            "a rule sets header fields by headers { NAME = \"$ds(attrs)\" }; see the page Migrating";

    private final Script script;
    private final ImportReport report;
    private final RuleWriter rules;
    private final boolean kamailio;
    private final ScriptExecutionPaths paths;
    private final Map<Script.FunctionCall, OptionsKeepalive.KeepaliveAnswer> keepalives;
    private final ScriptRoutes routes;
    /** The routes that requests can reach. */
    private final Set<Script.Route> reached;
    /** The failure routes that the rules express completely. */
    private final Set<Script.Route> whole = new HashSet<>();

    ScriptReport(Script script, ImportReport report, RuleWriter rules, boolean kamailio, ScriptExecutionPaths paths) {
        this.script = script;
        this.report = report;
        this.rules = rules;
        this.kamailio = kamailio;
        this.paths = paths;
        this.keepalives = paths.keepalives();
        this.routes = new ScriptRoutes(script);
        this.reached = routes.reached();
    }

    void count() {
        script.routes().stream()
                .filter(route -> route.kind().equals("failure_route"))
                .forEach(this::failure);
        for (Script.Route route : script.routes()) {
            List<Script.FunctionCall> calls = Script.calls(route.body());
            calls.stream().filter(ScriptFunctions::isSelection).forEach(call -> selection(route, call));
            calls.stream()
                    .filter(call ->
                            ScriptFunctions.isReply(call) && !call.name().endsWith("_error")
                                    || keepalives.containsKey(call))
                    .forEach(call -> reply(route, call));
            if (!route.kind().equals("failure_route") && !reached.contains(route)) {
                other(route);
            }
        }
        routes.unknown(reached).forEach(call -> report.left(Item.OTHER, call.located(), "it cannot be followed"));
        unchecked();
        functions();
        logs();
        assignments();
        timers();
        script.unread().forEach(unread -> report.left(Item.OTHER, unread, "it cannot be read"));
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
                                ? "no path through the script ends there, or only one of requests within dialogs,"
                                        + " which follow their dialog"
                                : "only the dispatcher's selections are rules"
                        : "it is in " + route.written();
        report.left(Item.SELECTION, call.written() + " at " + call.place(), why);
    }

    /** Selections whose result the script does not check: it relays also without a destination. */
    private void unchecked() {
        String places = reached.stream()
                .flatMap(route -> Script.unchecked(route.body()).stream())
                .filter(call -> ScriptFunctions.isDispatch(call) && rules.isCarried(call))
                .map(Script.FunctionCall::located)
                .distinct()
                .collect(Collectors.joining(", "));
        if (!places.isEmpty()) {
            report.differs(
                    places,
                    "the script continues if no destination is usable, mostly to the Request-URI; the rule answers with"
                            + " unusable, 500 by default");
        }
    }

    private void reply(Script.Route route, Script.FunctionCall call) {
        String what = call.written() + " at " + call.place();
        if (rules.isCarried(call)) {
            report.carried(Item.REPLY);
        } else if (rules.isSketched(call)) {
            report.left(Item.REPLY, what, "its rule is a comment");
        } else if (keepalives.containsKey(call)) {
            keepalive(what, keepalives.get(call));
        } else if (reached.contains(route) && ScriptFunctions.isProvisional(call)) {
            provisional(call, what);
        } else if (paths.sizes().hasReply(call)) {
            report.unneeded(Item.REPLY, what, "this program has its own limits for the size of a message");
        } else if (reached.contains(route) && !paths.isComplete()) {
            report.left(Item.REPLY, what, "the script has too many paths");
        } else if (reached.contains(route) && paths.reaches(call)) {
            report.left(Item.REPLY, what, "no rule has it");
        } else if (reached.contains(route)) {
            report.unneeded(
                    Item.REPLY, what, "it is for requests that follow their dialog or that the node answers itself");
        } else {
            report.left(Item.REPLY, what, "it is in " + route.written());
        }
    }

    private void provisional(Script.FunctionCall call, String what) {
        if (ScriptFunctions.code(call) == 100) {
            report.unneeded(Item.REPLY, what, "the node sends 100 by itself");
        } else {
            report.left(Item.REPLY, what, "a rule answers 300 to 699");
        }
    }

    private void keepalive(String what, OptionsKeepalive.KeepaliveAnswer answer) {
        if (answer.before().isEmpty() && !answer.difference().isEmpty()) {
            report.carried(Item.REPLY);
            report.differs(
                    what,
                    "the node answers OPTIONS to itself, without a user and before any rule; " + answer.difference());
        } else if (answer.before().isEmpty()) {
            report.unneeded(
                    Item.REPLY,
                    what,
                    "the node answers OPTIONS for itself with 200, without a user and before any rule");
        } else {
            report.left(
                    Item.REPLY,
                    what,
                    "the node answers OPTIONS for itself before any rule, also if "
                            + String.join(" or if ", answer.before()) + ", which the script asks before");
        }
    }

    /** Each loss of a failure route is one line. */
    private void failure(Script.Route route) {
        FailureRoute read = FailureRoute.of(script, route, kamailio);
        List<String> left = read.left();
        String written = route.written() + " at " + route.place();
        boolean comments = rules.isOutlined(route);
        if (!rules.isReplaced(route) && !comments) {
            report.left(Item.FAILURE_ROUTE, written, "no rule above uses it");
        } else if (left.isEmpty() && read.caveats().isEmpty() && !comments) {
            report.carried(Item.FAILURE_ROUTE);
            whole.add(route);
        } else {
            report.left(Item.FAILURE_ROUTE);
            if (comments) {
                report.note(written, "the rules that use it are comments");
            }
            read.caveats().forEach(one -> report.note(written + ": " + one, "no rule can express it"));
            left.forEach(one -> report.note(
                    written + ": " + one, "failover, mark and all-failed are all that a rule does after a failure"));
        }
    }

    private void other(Script.Route route) {
        Stream<String> calls = Script.calls(route.body()).stream()
                .filter(call -> !ScriptFunctions.isQuiet(call) || ScriptRoutes.isUnknown(script, call))
                .map(call -> call.name() + "() at " + call.place());
        Stream<String> assignments = Script.assignments(route.body()).stream()
                .filter(assign -> ScriptFunctions.changesTarget(assign)
                        || ScriptFunctions.changesMessage(assign)
                        || ScriptTimers.sets(assign))
                .map(assign -> assign.text() + " at " + assign.place());
        Stream<String> drops = route.kind().equals("route") ? Stream.of() : drops(route.body()).stream();
        String names = Stream.of(calls, assignments, drops)
                .flatMap(one -> one)
                .distinct()
                .collect(Collectors.joining(", "));
        String written = route.written() + " at " + route.place();
        List<Script.Route> callers = routes.callers(route).stream()
                .filter(one -> !one.kind().equals("failure_route") || rules.isReplaced(one) || rules.isOutlined(one))
                .toList();
        boolean fails = callers.stream().anyMatch(one -> one.kind().equals("failure_route"));
        if (fails && whole.containsAll(callers)) {
            report.carried(Item.OTHER_ROUTE);
        } else if (names.isEmpty() && !fails) {
            report.unneeded(
                    Item.OTHER_ROUTE,
                    written,
                    Script.calls(route.body()).stream()
                                    .anyMatch(call -> call.name().equals("route"))
                            ? "it only calls routes, which have their own lines"
                            : "it does nothing that matters here");
        } else {
            String why = route.kind().equals("route")
                    ? whyLeft(callers.isEmpty() ? routes.callers(route) : callers)
                    : KamailioWebSocket.isHttp(route)
                            ? "there is no such route here: handshakes of WebSocket are built in, and the ports and"
                                    + " pages to which it limits them by != are carried over"
                            : "there is no such route here";
            report.left(Item.OTHER_ROUTE, names.isEmpty() ? written : written + ": " + names, why);
        }
    }

    private String whyLeft(List<Script.Route> callers) {
        if (!callers.isEmpty()) {
            return "it is part of "
                    + callers.stream().map(Script.Route::written).collect(Collectors.joining(", "));
        }
        List<String> unknown = routes.unknown().stream()
                .filter(call -> call.argument(0).contains("$"))
                .map(Script.FunctionCall::located)
                .toList();
        return unknown.isEmpty()
                ? "no route calls it"
                : "only a call of a computed route may reach it: " + String.join(", ", unknown);
    }

    /** Outside of request routes, {@code drop} discards a response or a branch. */
    private static List<String> drops(List<Script.Statement> statements) {
        List<String> drops = new ArrayList<>();
        for (Script.Statement one : statements) {
            if (one instanceof Script.Jump jump && jump.keyword().equals("drop")) {
                drops.add("drop at " + jump.place());
            } else if (one instanceof Script.If choice) {
                drops.addAll(drops(choice.yes()));
                drops.addAll(drops(choice.no()));
            } else if (one instanceof Script.Loop repeat) {
                drops.addAll(drops(repeat.body()));
            }
        }
        return drops;
    }

    private void assignments() {
        for (Script.Route route : reached) {
            for (Script.Assign assign : Script.assignments(route.body())) {
                if (ScriptFunctions.changesMessage(assign)) {
                    report.left(
                            Item.OTHER,
                            assign.text() + " at " + assign.place(),
                            assign.variable().contains("hdr") ? HEADERS : "rules have no such statement");
                } else if (ScriptFunctions.changesDialog(assign)) {
                    report.left(
                            Item.OTHER,
                            assign.text() + " at " + assign.place(),
                            "there is no dialog module; requests within dialogs follow their dialog");
                } else if (ScriptFunctions.choosesSocket(assign)) {
                    report.left(Item.OTHER, assign.text() + " at " + assign.place(), NO_SOCKET);
                }
            }
            Script.calls(route.body()).stream()
                    .filter(ScriptFunctions::choosesSocket)
                    .forEach(call -> report.left(Item.OTHER, call.located(), NO_SOCKET));
        }
    }

    private void functions() {
        Map<String, Set<String>> names = new TreeMap<>();
        for (Script.Route route : reached) {
            for (Script.FunctionCall call : Script.calls(route.body())) {
                boolean reported = ScriptFunctions.isQuiet(call)
                        || ScriptFunctions.isRelay(call)
                        || ScriptFunctions.isReply(call)
                        || ScriptTimers.sets(call)
                        || keepalives.containsKey(call)
                        || paths.isCondition(call)
                        || ScriptFunctions.choosesSocket(call)
                        || ScriptFunctions.isSelection(call);
                if (SetFunctions.pushes(call) && rules.isCarried(call)) {
                    report.carried(Item.OTHER);
                } else if (SetFunctions.pushes(call)) {
                    report.left(
                            Item.OTHER,
                            call.located(),
                            "a rule pushes attributes for the sender only: when { in-set { set = 1, port = on } },"
                                    + " push-attrs = \"...\"; for other addresses there is sip-dispatcher attrs");
                } else if (ScriptFunctions.addsHeader(call)) {
                    report.left(Item.OTHER, call.located(), HEADERS);
                } else if (!reported) {
                    names.computeIfAbsent(call.name() + "()", unused -> new LinkedHashSet<>())
                            .add(call.place());
                }
            }
        }
        if (!names.isEmpty()) {
            String all = names.entrySet().stream()
                    .map(entry -> entry.getKey() + " at " + String.join(" and ", entry.getValue()))
                    .collect(Collectors.joining(", "));
            report.left(Item.OTHER, "functions: " + all, "there is no script; see the page Migrating");
        }
    }

    /** Lines of the log are no part of a rule that the import writes: they need not be the ones of the script. */
    private void logs() {
        List<Script.FunctionCall> calls = reached.stream()
                .flatMap(route -> Script.calls(route.body()).stream())
                .filter(ScriptFunctions::isLog)
                .distinct()
                .toList();
        if (!calls.isEmpty()) {
            String more = calls.size() == 1 ? "" : " and " + (calls.size() - 1) + " more";
            report.unneeded(
                    Item.OTHER,
                    "lines of the log: " + calls.get(0).name() + "() at "
                            + calls.get(0).place() + more,
                    "the node logs what happens to destinations; a rule with log = \"$ci to $ds(uri)\" adds a line for"
                            + " each request");
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
        } else if (rules.isSketchedTimer(statement)) {
            report.left(Item.OTHER, statement, "its rule is a comment");
        } else {
            report.left(Item.OTHER, statement, "no active rule has it; timers are numbers, 100 ms to one hour");
        }
    }
}
