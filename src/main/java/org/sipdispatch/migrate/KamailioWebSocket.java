package org.sipdispatch.migrate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a script of Kamailio says about WebSocket. There a TCP or TLS socket is for SIP and WebSocket at the same time, and
 * {@code event_route[xhttp:request]} decides which requests become WebSocket connections.
 *
 * @param isUsed whether the script accepts WebSocket connections
 * @param ports the ports that this route compares
 * @param origins the texts that the script compares with the Origin
 * @param hasOtherOrigins whether it compares the Origin with something else, such as a pattern
 */
record KamailioWebSocket(boolean isUsed, Set<String> ports, Set<String> origins, boolean hasOtherOrigins) {
    static final KamailioWebSocket NONE = new KamailioWebSocket(false, Set.of(), Set.of(), false);

    static KamailioWebSocket of(Script script) {
        boolean used = script.routes().stream()
                .flatMap(route -> Script.calls(route.body()).stream())
                .anyMatch(call -> call.name().equals("ws_handle_handshake"));
        if (!used) {
            return NONE;
        }
        Set<String> ports = new LinkedHashSet<>();
        tests(script.routes().stream().filter(KamailioWebSocket::isHttp))
                .filter(test -> test.left().matches("\\$Rp|dst_port") && isEqual(test))
                .filter(test -> test.right().matches("\\d{1,5}"))
                .forEach(test -> ports.add(test.right()));
        List<Script.Test> ofOrigin = tests(script.routes().stream())
                .filter(test -> test.left().matches("(?i)\\$\\(?hdr\\(Origin\\)\\)?.*"))
                .filter(test -> !test.operator().isEmpty() && !Script.NOTHING.contains(test.right()))
                .toList();
        Set<String> origins = new LinkedHashSet<>();
        ofOrigin.stream().filter(KamailioWebSocket::isText).forEach(test -> origins.add(test.right()));
        return new KamailioWebSocket(true, ports, origins, !ofOrigin.stream().allMatch(KamailioWebSocket::isText));
    }

    /** Whether HTTP requests reach that route, those for WebSocket among them. */
    static boolean isHttp(Script.Route route) {
        return route.kind().equals("event_route") && route.name().equals("xhttp:request");
    }

    private static Stream<Script.Test> tests(Stream<Script.Route> routes) {
        return routes.flatMap(route -> Script.tests(route.body()).stream());
    }

    private static boolean isEqual(Script.Test test) {
        return test.operator().matches("==|!=|eq|ne");
    }

    private static boolean isText(Script.Test test) {
        return isEqual(test) && test.fixed() && test.right().matches("[A-Za-z][\\w+.-]*://[\\w.-]+(:\\d{1,5})?");
    }
}
