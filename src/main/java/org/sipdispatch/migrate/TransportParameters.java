package org.sipdispatch.migrate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.migrate.ImportReport.Item;

/** Ports, times and limits of TCP, TLS and WebSocket: parameters of the modules for transports, and of the core. */
final class TransportParameters {
    /** A quoted text, which is skipped, or a setting of the core. */
    private static final Pattern CORE = Pattern.compile(
            "(?m)\"[^\"\\n]*+\"|(?<![^\\s;}])(tcp_connection_lifetime|tcp_connect_timeout|tcp_max_connections"
                    + "|tls_max_connections|tcp_max_msg_time|tcp_msg_read_timeout|tls_port_no|enable_tls|tls_enable"
                    + "|disable_tls|tls_disable|tcp_accept_haproxy)[ \\t]*=(?![=~])[ \\t]*\"?(-?\\w+)");

    private static final String MODULES = "proto_(tcp|tls|ws|wss)|websocket";
    private static final String NEVER_BLOCKS =
            "(tcp|tls|ws|wss)_(send_timeout|async|async_\\w+|max_msg_chunks|crlf_drop)";
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long DAY = 24 * 60 * MINUTE;
    private static final int MOST_CONNECTIONS = 1_000_000;

    private final ImportReport report;
    private final boolean kamailio;
    private final KamailioWebSocket webSocket;
    /** The ports of sockets that name none, by protocol. */
    private final Map<String, String> ports = new LinkedHashMap<>(Map.of("tls", "5061", "ws", "80", "wss", "443"));

    private final Map<String, String> tlsLimits = new LinkedHashMap<>();
    private final Map<String, String> webSocketLimits = new LinkedHashMap<>();
    private final Map<String, String> tcpLimits = new LinkedHashMap<>();
    private boolean isTlsOn;
    private boolean acceptsProxyHeaders;

    /** Reads the lines of the core. */
    TransportParameters(String text, ImportReport report, boolean kamailio, KamailioWebSocket webSocket) {
        this.report = report;
        this.kamailio = kamailio;
        this.webSocket = webSocket;
        for (Matcher line = CORE.matcher(text); line.find(); ) {
            if (line.group(1) != null) {
                core(line.group(1), new TlsSetting(line.group(2), line.group(), Item.OTHER));
            }
        }
        if (!webSocket.origins().isEmpty() && !webSocket.hasOtherOrigins()) {
            webSocketLimits.put(
                    "origins",
                    "[ "
                            + String.join(
                                    ", ",
                                    webSocket.origins().stream()
                                            .map(ConfWriter::quoted)
                                            .toList()) + " ]");
        }
    }

    /** Whether Kamailio listens for TLS. */
    boolean isTlsOn() {
        return isTlsOn;
    }

    /** Whether load balancers send the header of the PROXY protocol to all sockets of Kamailio except those of UDP. */
    boolean acceptsProxyHeaders() {
        return acceptsProxyHeaders;
    }

    private void core(String name, TlsSetting line) {
        switch (name) {
            case "tcp_connection_lifetime" -> time(tcpLimits, "idle-timeout", line, SECOND, SECOND, DAY);
            case "tcp_connect_timeout" -> time(tcpLimits, "connect-timeout", line, kamailio ? SECOND : 1, 100, MINUTE);
            case "tcp_max_msg_time", "tcp_msg_read_timeout" ->
                time(tcpLimits, "message-timeout", line, SECOND, SECOND, 60 * MINUTE);
            case "tcp_max_connections" -> connections(line);
            case "tls_max_connections" ->
                line.left(report, "transport.tcp.max-connections is for all connections together");
            case "tls_port_no" -> port("tls", line);
            case "tcp_accept_haproxy" -> proxyHeaders(line);
            default -> {
                isTlsOn = line.value().matches(name.startsWith("dis") || name.endsWith("disable") ? "0|no" : "1|yes");
                line.unneeded(report, "TLS is on where a socket has it");
            }
        }
    }

    private void connections(TlsSetting line) {
        if (line.value().matches("\\d{1,7}") && isWithin(Integer.parseInt(line.value()))) {
            tcpLimits.put("max-connections", line.value());
            line.carried(report);
        } else {
            line.left(report, "1 to " + MOST_CONNECTIONS + " connections are expected");
        }
    }

    private void proxyHeaders(TlsSetting line) {
        acceptsProxyHeaders = line.value().matches("(?i)[1-9]\\d*|yes|on|true");
        if (acceptsProxyHeaders) {
            line.carried(report);
        } else {
            line.unneeded(report, "a socket without proxy_protocol accepts no header of the PROXY protocol");
        }
    }

    private static boolean isWithin(int connections) {
        return connections >= 1 && connections <= MOST_CONNECTIONS;
    }

    private void port(String protocol, TlsSetting line) {
        if (line.value().matches("[1-9]\\d{0,4}")) {
            ports.put(protocol, line.value());
            line.carried(report);
        } else {
            line.left(report, "a port is expected");
        }
    }

    /** @param unitMs the unit of the value, in milliseconds; the bounds are in milliseconds */
    private void time(Map<String, String> limits, String key, TlsSetting line, long unitMs, long leastMs, long mostMs) {
        long ms = line.value().matches("\\d{1,9}") ? Long.parseLong(line.value()) * unitMs : -1;
        if (ms < leastMs || ms > mostMs) {
            line.left(report, key + " is " + duration(leastMs) + " to " + duration(mostMs));
        } else {
            limits.put(key, duration(ms));
            line.carried(report);
        }
    }

    private static String duration(long ms) {
        return ms % SECOND == 0 ? ms / SECOND + "s" : ms + "ms";
    }

    /** Reads a parameter. Returns false if it is not about transports. */
    boolean take(Script.FunctionCall call) {
        String module = call.argument(0).replaceFirst("\\.so$", "");
        String name = call.argument(1);
        TlsSetting line = new TlsSetting(call.argument(2).strip(), call.located(), Item.MODPARAM);
        if (module.matches("tls_mgm|proto_tls") && name.equals("tls_handshake_timeout")
                || module.equals("proto_wss") && name.equals("wss_tls_handshake_timeout")) {
            handshake(line);
        } else if (module.equals("tls") && name.equals("connection_timeout")) {
            idle(line);
        } else if (module.matches("proto_\\w+|tls_mgm") && name.matches(NEVER_BLOCKS)) {
            line.unneeded(report, "connections never block; transport.tcp limits the size and time of a message");
        } else if (module.equals("websocket")) {
            webSocket(name, line);
        } else if (module.matches(MODULES)) {
            protocol(name, line);
        } else {
            return false;
        }
        return true;
    }

    private void handshake(TlsSetting line) {
        time(tlsLimits, "handshake-timeout", line, 1, 100, 5 * MINUTE);
        if (line.value().matches("\\d{3}")) {
            report.differs(
                    line.written(),
                    "the time is for the whole handshake, also of clients on slow networks: 10s is the default");
        }
    }

    private void idle(TlsSetting line) {
        if (tcpLimits.containsKey("idle-timeout")) {
            line.left(
                    report, "tcp_connection_lifetime is for all connections; transport.tcp.idle-timeout has its value");
        } else {
            time(tcpLimits, "idle-timeout", line, SECOND, SECOND, DAY);
        }
    }

    private void protocol(String name, TlsSetting line) {
        if (name.matches("(tcp|tls|ws|wss)_port")) {
            port(name.replace("_port", ""), line);
        } else if (name.matches("(ws|wss)_(resource|handshake_timeout)")) {
            line.unneeded(report, "any path is accepted, and no WebSocket connections are opened");
        } else if (name.matches("(tcp|tls)_crlf_pingpong") && !line.value().equals("0")) {
            line.unneeded(report, "keep-alives of line breaks are answered");
        } else if (name.equals("cert_check_on_conn_reusage")) {
            line.unneeded(report, "a TLS connection is used only for the name and the block that it was opened for");
        } else if (name.equals("require_origin") && line.value().matches("0|no")) {
            line.unneeded(report, "without transport.websocket.origins no Origin is required");
        } else if (name.equals("require_origin")) {
            line.left(
                    report,
                    "no Origin is required: write the pages of the clients in transport.websocket.origins, then one is");
        } else if (name.startsWith("trace_")) {
            line.left(report, "connections are not traced");
        } else {
            line.left(report, "there is no such setting");
        }
    }

    private void webSocket(String name, TlsSetting line) {
        switch (name) {
            case "keepalive_timeout" -> time(webSocketLimits, "ping-interval", line, SECOND, SECOND, 60 * MINUTE);
            case "keepalive_mechanism" -> {
                if (line.value().equals("1")) {
                    line.unneeded(report, "clients are pinged");
                } else {
                    line.left(report, "a client from which nothing arrives is pinged, and given up without an answer");
                }
            }
            case "sub_protocols" -> {
                if (line.value().equals("1")) {
                    line.unneeded(report, "sip is the only sub-protocol");
                } else {
                    line.left(report, "sip is the only sub-protocol; MSRP is not relayed");
                }
            }
            case "cors_mode" ->
                line.unneeded(report, "browsers do not ask for it with WebSocket; transport.websocket.origins decides");
            case "keepalive_processes",
                    "keepalive_interval",
                    "timer_interval",
                    "rm_delay_interval",
                    "verbose_list",
                    "ping_application_data" -> line.unneeded(report, "it is about Kamailio's processes");
            default -> line.left(report, "there is no such setting");
        }
    }

    /**
     * The port of a socket that names none.
     *
     * @param usual the one of UDP and TCP
     */
    String port(String protocol, String usual) {
        return ports.getOrDefault(protocol, usual);
    }

    /** The protocol of a socket here: Kamailio has no ws and wss, but accepts WebSocket at ports of TCP and TLS. */
    String protocol(String protocol, String port) {
        boolean accepts = webSocket.ports().contains(port);
        return accepts && protocol.equals("tcp") ? "ws" : accepts && protocol.equals("tls") ? "wss" : protocol;
    }

    void write(ConfWriter conf) {
        if (webSocket.hasOtherPorts()) {
            conf.unfinished(
                    "sockets: the script compares the port of WebSocket in another way than by != before an exit; write ws: or"
                            + " wss: instead of tcp: or tls: for the sockets of browsers");
        } else if (webSocket.isUsed() && webSocket.ports().isEmpty()) {
            report.note(
                    "WebSocket by ws_handle_handshake()",
                    "a socket is for SIP or for WebSocket: write ws: or wss: instead of tcp: or tls: for those of browsers");
        }
        if (webSocket.hasOtherOrigins()) {
            conf.unfinished(
                    "transport.websocket.origins: the script compares the Origin in another way than by != with a text before"
                            + " an exit; write the pages whose clients are accepted");
        }
        if (tlsLimits.isEmpty() && webSocketLimits.isEmpty() && tcpLimits.isEmpty()) {
            return;
        }
        conf.line("");
        conf.line("  transport {");
        List.of(Map.entry("tls", tlsLimits), Map.entry("websocket", webSocketLimits), Map.entry("tcp", tcpLimits))
                .forEach(one -> conf.block("    ", one.getKey(), one.getValue()));
        conf.line("  }");
    }
}
