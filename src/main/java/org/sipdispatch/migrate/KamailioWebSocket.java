package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The WebSocket settings of a Kamailio script. In Kamailio a TCP or TLS socket is for SIP and WebSocket at the same
 * time, and {@code event_route[xhttp:request]} decides which requests become WebSocket connections. A limit of that
 * route is carried over if it refuses all other requests, as by {@code if ($Rp != 443) exit;}; for other comparisons it
 * is not clear what they accept.
 *
 * @param isUsed whether the script accepts WebSocket connections
 * @param ports the ports to which this route limits them
 * @param hasOtherPorts whether it compares the port in another way
 * @param origins the texts to which the script limits the Origin
 * @param hasOtherOrigins whether it compares the Origin in another way, for example with a pattern
 */
record KamailioWebSocket(
        boolean isUsed, Set<String> ports, boolean hasOtherPorts, Set<String> origins, boolean hasOtherOrigins) {
    static final KamailioWebSocket NONE = new KamailioWebSocket(false, Set.of(), false, Set.of(), false);

    private static final String HANDSHAKE = "ws_handle_handshake";

    /**
     * A comparison.
     *
     * @param limits whether requests with all other values are refused
     */
    private record Comparison(Script.Test test, boolean limits) {
        String right() {
            return test.right();
        }
    }

    static KamailioWebSocket of(Script script) {
        boolean used = script.routes().stream()
                .flatMap(route -> Script.calls(route.body()).stream())
                .anyMatch(call -> call.name().equals(HANDSHAKE));
        if (!used) {
            return NONE;
        }
        Map<Boolean, Set<String>> ports =
                sorted(script.routes().stream().filter(KamailioWebSocket::isHttp), "\\$Rp|dst_port", "\\d{1,5}");
        // A port that is compared in both ways is not clear either.
        ports.get(true).removeAll(ports.get(false));
        Map<Boolean, Set<String>> origins = sorted(
                script.routes().stream(),
                "(?i)\\$\\(?hdr\\(Origin\\)\\)?.*",
                "[A-Za-z][\\w+.-]*://[\\w.-]+(:\\d{1,5})?");
        return new KamailioWebSocket(
                true,
                ports.get(true),
                !ports.get(false).isEmpty(),
                origins.get(true),
                !origins.get(false).isEmpty());
    }

    /** Whether HTTP requests reach that route, including those for WebSocket. */
    static boolean isHttp(Script.Route route) {
        return route.kind().equals("event_route") && route.name().equals("xhttp:request");
    }

    /** The texts that a value is compared with: true for those to which it is limited, false for the others. */
    private static Map<Boolean, Set<String>> sorted(Stream<Script.Route> routes, String value, String form) {
        return routes.flatMap(route -> comparisons(route.body(), isHttp(route)).stream())
                .filter(one -> one.test().left().matches(value))
                .filter(one -> !one.test().operator().isEmpty() && !Script.NOTHING.contains(one.right()))
                .collect(Collectors.partitioningBy(
                        one -> one.limits() && one.test().fixed() && one.right().matches(form),
                        Collectors.mapping(Comparison::right, Collectors.toCollection(LinkedHashSet::new))));
    }

    /** @param isEvent whether a return ends the treatment of the request */
    private static List<Comparison> comparisons(List<Script.Statement> statements, boolean isEvent) {
        List<Comparison> found = new ArrayList<>();
        for (Script.Statement statement : statements) {
            if (statement instanceof Script.If choice) {
                found.addAll(comparisons(choice.condition(), refuses(choice.yes(), isEvent)));
                found.addAll(comparisons(choice.yes(), isEvent));
                found.addAll(comparisons(choice.no(), isEvent));
            } else if (statement instanceof Script.Loop repeat) {
                found.addAll(comparisons(repeat.body(), isEvent));
            }
        }
        return found;
    }

    private static List<Comparison> comparisons(Script.Expression condition, boolean refuses) {
        List<Comparison> found = new ArrayList<>();
        if (condition instanceof Script.And and) {
            found.addAll(comparisons(and.left(), refuses));
            found.addAll(comparisons(and.right(), refuses));
        } else if (condition instanceof Script.Or or) {
            found.addAll(comparisons(or.left(), refuses));
            found.addAll(comparisons(or.right(), refuses));
        } else if (condition instanceof Script.Not not) {
            found.addAll(comparisons(not.inner(), false));
        } else if (condition instanceof Script.Test test) {
            found.add(new Comparison(test, refuses && test.operator().matches("!=|ne")));
        }
        return found;
    }

    /** Whether the statements end the treatment of a request without a handshake; a called route might do it. */
    private static boolean refuses(List<Script.Statement> statements, boolean isEvent) {
        return !statements.isEmpty()
                && statements.get(statements.size() - 1) instanceof Script.Jump jump
                && (jump.keyword().matches("exit|drop") || isEvent && jump.isReturn())
                && Script.calls(statements).stream()
                        .noneMatch(call -> call.name().matches(HANDSHAKE + "|route"));
    }
}
