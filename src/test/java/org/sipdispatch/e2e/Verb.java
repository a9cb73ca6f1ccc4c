package org.sipdispatch.e2e;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operations for operators: the name in each interface, and the reason if an interface lacks one. */
final class Verb {
    private static final String NOT_OF_OPENSIPS = "OpenSIPS has no such command, and its tools would not send it";
    private static final String OF_HTTP = "for programs that speak HTTP; the command line is one";
    private static final String ALONE = "works without a node that answers";
    private static final String OF_MI = "for tools of OpenSIPS, which ask it; nothing of destinations";

    static final List<Verb> ALL = List.of(
            verb("sets").http("GET /dispatcher/sets").mi("ds_list").cli("sets").operations("destinations.sets"),
            verb("set")
                    .http("GET /dispatcher/sets/{partition}/{set}")
                    .mi("ds_list")
                    .cli("list")
                    .operations("destinations.list"),
            verb("list")
                    .http("GET /dispatcher/destinations")
                    .mi("ds_list")
                    .cli("list")
                    .operations("destinations.list"),
            verb("show")
                    .http("GET /dispatcher/destinations/{id}")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("show")
                    .operations("destinations.show"),
            verb("count")
                    .http("GET /dispatcher/count")
                    .mi("-in OpenSIPS ds_count is a function of the script, no command")
                    .cli("count")
                    .operations("destinations.count"),
            verb("pick")
                    .http("POST /dispatcher/pick")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("pick")
                    .operations("explainRoute"),
            verb("state")
                    .http("POST /dispatcher/destinations/{id}/state")
                    .mi("ds_set_state")
                    .cli("state")
                    .operations("orders.setState", "orders.setStates", "destinations.find"),
            order("hold"),
            order("release"),
            order("probe").operations("orders.probe"),
            order("drain"),
            verb("order, what became of it")
                    .http("GET /dispatcher/orders/{order}")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("order")
                    .operations("orders.outcome"),
            verb("drain, how far")
                    .http("GET /dispatcher/destinations/{id}/drain")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("-drain --watch asks it for as long as calls go on")
                    .operations("orders.drainProgress"),
            verb("reload")
                    .http("POST /dispatcher/reload")
                    .mi("ds_reload")
                    .cli("reload")
                    .operations("definitions.reload"),
            verb("reload, dry, without bad rows or temporary destinations")
                    .http("POST /dispatcher/reload")
                    .mi("-ds_reload of OpenSIPS takes a partition and inherit_state alone")
                    .cli("reload")
                    .operations("definitions.reload"),
            verb("add")
                    .http("POST /dispatcher/destinations")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("add")
                    .operations("definitions.add"),
            verb("remove")
                    .http("DELETE /dispatcher/destinations/{id}")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("remove")
                    .operations("definitions.remove"),
            verb("put row")
                    .http("PUT /dispatcher/rows")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("put-row")
                    .operations("definitions.putRow"),
            verb("remove row")
                    .http("DELETE /dispatcher/rows")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("remove-row")
                    .operations("definitions.removeRow"),
            verb("attrs")
                    .http("POST /dispatcher/attrs")
                    .mi("ds_push_script_attrs")
                    .cli("attrs")
                    .operations("definitions.pushAttrs"),
            verb("history")
                    .http("GET /dispatcher/history")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("history")
                    .operations("history.read", "history.isPossible"),
            verb("events")
                    .http("GET /dispatcher/events")
                    .mi("-OpenSIPS sends events by its event interface, and so does a node: events.udp")
                    .cli("events")
                    .operations("destinations.follow", "history.follow"),
            verb("node")
                    .http("GET /dispatcher/node")
                    .mi("-the clusterer module of OpenSIPS has nothing in common with our cluster")
                    .cli("nodes")
                    .operations("node.show"),
            verb("maintenance")
                    .http(
                            "GET /dispatcher/maintenance",
                            "POST /dispatcher/maintenance/on",
                            "POST /dispatcher/maintenance/off")
                    .mi("maintenance")
                    .cli("maintenance")
                    .operations("maintenance.show", "maintenance.begin", "maintenance.end"),
            verb("sources")
                    .http("GET /dispatcher/sources")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("sources")
                    .operations("node.sources"),
            verb("figures")
                    .http(
                            "GET /dispatcher/figures",
                            "PUT /dispatcher/figures/{name}",
                            "DELETE /dispatcher/figures/{name}")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("figure")
                    .operations("figures.list", "figures.push", "figures.remove"),
            verb("traffic")
                    .http("GET /dispatcher/traffic", "GET /metrics")
                    .mi("ds_list")
                    .cli("top")
                    .operations("node.traffic", "node.firstHits"),
            verb("limits")
                    .http("GET /dispatcher/limits")
                    .mi("-" + NOT_OF_OPENSIPS)
                    .cli("limits")
                    .operations("node.limits"),
            only("ready", "GET /dispatcher/ready", "GET /ready")
                    .operations("node.reasonsNotReady", "node.differingNodes"),
            only("alive", "GET /alive"),
            only("whoami", "GET /dispatcher/whoami"),
            only("the document", "GET /dispatcher/openapi.json"),
            only("the page", "GET /dispatcher/ui/"),
            only("the management interface itself", "POST /mi"),
            only("orders to Akka's cluster")
                    .http("-under /cluster, which is Akka's")
                    .operations("history.recordOutcome"),
            verb("which").http("-" + OF_MI).mi("which").cli("-" + OF_MI).operations("-" + OF_MI),
            verb("version")
                    .http("-" + OF_MI)
                    .mi("version")
                    .cli("-the option --version")
                    .operations("-" + OF_MI),
            verb("uptime").http("-" + OF_MI).mi("uptime").cli("-" + OF_MI).operations("-" + OF_MI),
            alone("run"),
            alone("demo"),
            alone("check"),
            alone("import"),
            alone("certificates"),
            alone("class-archive"),
            alone("completion"));

    private final String name;
    private final Map<String, List<String>> names = new TreeMap<>();

    private Verb(String name) {
        this.name = name;
    }

    private static Verb verb(String name) {
        return new Verb(name);
    }

    private static Verb order(String verb) {
        return verb(verb)
                .http("POST /dispatcher/destinations/{id}/" + verb)
                .mi("-" + NOT_OF_OPENSIPS)
                .cli(verb)
                .operations("orders." + verb);
    }

    private static Verb only(String name, String... http) {
        return verb(name).http(http).mi("-" + OF_HTTP).cli("-" + OF_HTTP).operations("-" + OF_HTTP);
    }

    private static Verb alone(String command) {
        return verb(command).http("-" + ALONE).mi("-" + ALONE).cli(command).operations("-" + ALONE);
    }

    private Verb at(String interfaceName, String... given) {
        names.put(interfaceName, List.of(given));
        return this;
    }

    /** Methods and paths; or, after a hyphen, the reason why there are none, as for the other interfaces. */
    private Verb http(String... paths) {
        return at("http", paths);
    }

    private Verb mi(String... methods) {
        return at("mi", methods);
    }

    private Verb cli(String... commands) {
        return at("cli", commands);
    }

    private Verb operations(String... methods) {
        return at("operations", methods);
    }

    /** The names in that interface; empty if the interface lacks the operation. */
    List<String> at(String interfaceName) {
        return names.getOrDefault(interfaceName, List.of()).stream()
                .filter(one -> !one.startsWith("-"))
                .toList();
    }

    /** Whether each interface has a name or a reason. */
    boolean isWhole() {
        return names.keySet().containsAll(List.of("http", "mi", "cli", "operations"))
                && names.values().stream().noneMatch(given -> given.isEmpty() || given.contains("-"));
    }

    /** The names in {@link OperatorInterfaces} for each interface, if several interfaces offer the operation. */
    List<String> compared() {
        List<String> all = new ArrayList<>(at("http"));
        at("mi").forEach(one -> all.add("mi " + one));
        at("cli").forEach(one -> all.add("cli " + one));
        long interfaces = Arrays.asList("http", "mi", "cli").stream()
                .filter(interfaceName -> !at(interfaceName).isEmpty())
                .count();
        return interfaces > 1 ? all : List.of();
    }

    @Override
    public String toString() {
        return name;
    }
}
