package org.sipdispatch.migrate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Determines which routes of a script call which others. */
final class ScriptRoutes {
    private final Script script;
    /**
     * The routes that each route which is not called by name reaches, including itself: the main route, failure routes,
     * ...
     */
    private final Map<Script.Route, Set<Script.Route>> reachedBy = new LinkedHashMap<>();

    ScriptRoutes(Script script) {
        this.script = script;
        for (Script.Route route : script.routes()) {
            if (route.isMain() || !route.kind().equals("route")) {
                Set<Script.Route> all = new LinkedHashSet<>();
                reach(route, all);
                reachedBy.put(route, all);
            }
        }
    }

    private void reach(Script.Route route, Set<Script.Route> into) {
        if (!into.add(route)) {
            return;
        }
        for (Script.FunctionCall call : Script.calls(route.body())) {
            Script.Route called = call.name().equals("route") ? script.route("route", call.argument(0)) : null;
            if (called != null) {
                reach(called, into);
            }
        }
    }

    /** The routes that requests can reach. */
    Set<Script.Route> reached() {
        return reachedBy.entrySet().stream()
                .filter(entry -> entry.getKey().isMain())
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(Set.of());
    }

    /** The routes other than the main one from which the route is called. */
    List<Script.Route> callers(Script.Route route) {
        return reachedBy.keySet().stream()
                .filter(one -> !one.equals(route) && !one.isMain())
                .filter(one -> reachedBy.get(one).contains(route))
                .toList();
    }

    /** The calls of computed and of missing routes in all routes. */
    List<Script.FunctionCall> unknown() {
        return unknown(script.routes());
    }

    List<Script.FunctionCall> unknown(Collection<Script.Route> routes) {
        return routes.stream()
                .flatMap(route -> Script.calls(route.body()).stream())
                .filter(call -> isUnknown(script, call))
                .toList();
    }

    static boolean isUnknown(Script script, Script.FunctionCall call) {
        return call.name().equals("route") && script.route("route", call.argument(0)) == null;
    }
}
