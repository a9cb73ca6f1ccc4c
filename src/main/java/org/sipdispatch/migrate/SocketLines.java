package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.migrate.ImportReport.Item;
import org.sipdispatch.migrate.TlsBlocks.TlsSocket;
import org.sipdispatch.sip.IpLiteral;

/** Converts the sockets of a script: {@code listen=}, {@code socket=}, {@code alias=} and related settings. */
final class SocketLines {
    /** A quoted text, which is skipped, or a setting; several settings may be on one line. */
    private static final Pattern LINE = Pattern.compile(
            "(?m)\"[^\"\\n]*+\"|(?<![^\\s;}])(listen|socket|alias|port|advertised_address|advertised_port|db_default_url)"
                    + "[ \\t]*=(?![=~])\\s*(\\{[^}]*}|(?:\"[^\"\\n]*\"|'[^'\\n]*'|[^;\\n])+?)"
                    + "(?=[ \\t]*(?:;|$)|[ \\t]+[a-z]\\w*[ \\t]*=)");

    private static final Pattern SOCKET =
            Pattern.compile("(?i)(?:(udp|tcp|tls|ws|wss|sctp|bin|bins|smpp|hep_udp|hep_tcp|any):)?"
                    + "(\\[[0-9a-f:.]+]|[^\\s:]+)(?::(\\d+))?(?:\\s+(.*))?");
    /** A word of a line, with its quotes. */
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    /** The words behind an address that belong to it, with and without a value. */
    private static final String WITH_VALUE =
            "(?i)as|advertise|name|tag|use_workers|use_children|use_auto_scaling_profile";

    private static final String ALONE =
            "(?i)anycast|frag|virtual|reuse_port|(allow|send)_proxy_protocol|accept_subdomain";

    private static final Pattern PROXY = Pattern.compile("(?i)\\b(allow|send)_proxy_protocol\\b");
    private static final Pattern AS = Pattern.compile("(?i)\\b(?:as|advertise)\\s+([^\\s\"]+)");
    private static final Pattern PROPERTY = Pattern.compile("\\b(bind|advertise|name)\\s*=\\s*([^;}]+)");
    private static final Pattern NAME = Pattern.compile("(?i)\\b(?:tag|name)\\s+\"?([a-z][\\w-]*)");

    /** The settings of our sockets, by name. */
    final Map<String, String> sockets = new LinkedHashMap<>();

    final Set<String> aliases = new LinkedHashSet<>();
    private final Map<String, String> listened = new LinkedHashMap<>();
    private final List<TlsSocket> overTls = new ArrayList<>();
    private final ImportReport report;
    private final boolean kamailio;
    private final TransportParameters transport;
    private final TlsBlocks tls;
    private String port = "5060";
    private String advertisedAddress;
    private String advertisedPort;
    private String database = "";

    private final List<String> unfinished = new ArrayList<>();
    private boolean advertised;

    /**
     * Reads the lines.
     *
     * @param kamailio whether a socket without a protocol means UDP and TCP
     * @param tls the TLS domains of the script: a socket without a certificate is left out
     */
    SocketLines(String script, ImportReport report, boolean kamailio, TransportParameters transport, TlsBlocks tls) {
        this.report = report;
        this.kamailio = kamailio;
        this.transport = transport;
        this.tls = tls;
        List<String> lines = new ArrayList<>();
        Matcher line = LINE.matcher(script);
        while (line.find()) {
            if (line.group(1) == null) {
                continue;
            }
            String value = line.group(2).strip();
            switch (line.group(1)) {
                case "port" -> {
                    port = unquoted(value);
                    report.carried(Item.SOCKET);
                }
                case "advertised_address" -> advertisedAddress = unquoted(value);
                case "advertised_port" -> advertisedPort = unquoted(value);
                case "db_default_url" -> database = unquoted(value);
                case "alias" -> entries(value).forEach(this::alias);
                default -> lines.add(value);
            }
        }
        lines.stream().flatMap(one -> entries(one).stream()).forEach(this::socket);
        reportAdvertised("advertised_address", advertisedAddress);
        reportAdvertised("advertised_port", advertisedPort);
    }

    private void reportAdvertised(String name, String value) {
        if (value != null && advertised) {
            report.carried(Item.SOCKET);
        } else if (value != null && !listened.isEmpty()) {
            report.unneeded(Item.SOCKET, name + " = " + value, "each socket has its own advertise");
        } else if (value != null) {
            report.left(Item.SOCKET, name + " = " + value, "it fits no socket above; write it as advertise");
        }
    }

    /** The points that an operator must resolve. */
    List<String> unfinished() {
        return unfinished;
    }

    /** The sockets that need a certificate. */
    List<TlsSocket> overTls() {
        return overTls;
    }

    /** The names of the sockets whose part {@code dst_port}, {@code proto} or {@code dst_ip} has that value. */
    List<String> names(String part, String value) {
        int place = part.matches("dst_port|\\$Rp") ? 2 : part.matches("dst_ip|\\$Ri") ? 1 : 0;
        List<String> names = new ArrayList<>();
        listened.forEach((address, name) -> {
            int first = address.indexOf(':');
            int last = address.lastIndexOf(':');
            String[] parts = {
                address.substring(0, first), address.substring(first + 1, last), address.substring(last + 1)
            };
            if (parts[place].equalsIgnoreCase(value)) {
                names.add(name);
            }
        });
        return names;
    }

    /** The value of {@code db_default_url}; empty for none. */
    String database() {
        return database;
    }

    private static String unquoted(String value) {
        return value.replaceAll("^([\"'])(.*)\\1$", "$2");
    }

    /** The addresses of a line, each with the words that belong to it: a line may name several. */
    private static List<String> entries(String value) {
        if (value.startsWith("{")) {
            return List.of(value);
        }
        List<String> entries = new ArrayList<>();
        boolean isValue = false;
        for (Matcher word = WORD.matcher(value); word.find(); ) {
            String text = word.group();
            boolean belongs = isValue || text.matches(WITH_VALUE) || text.matches(ALONE);
            if (belongs && !entries.isEmpty()) {
                entries.set(entries.size() - 1, entries.get(entries.size() - 1) + " " + text);
            } else {
                entries.add(text);
            }
            isValue = !isValue && text.matches(WITH_VALUE);
        }
        return entries;
    }

    private void alias(String entry) {
        String value = unquoted(entry.replaceFirst("(?i)[ \\t]+accept_subdomain$", ""));
        if (!value.equals(unquoted(entry))) {
            report.note("alias=" + entry, "accept_subdomain does not exist here: an alias is one name");
        }
        String host = value.replaceFirst("(?i)^(udp|tcp|tls|ws|wss|sctp):", "").replaceFirst(":\\d+$", "");
        if (!host.matches("[\\w.-]+|\\[?[0-9a-fA-F:.]+]?")) {
            report.left(Item.SOCKET, "alias=" + entry, "it is not a host name");
            return;
        }
        aliases.add(host.toLowerCase(Locale.ROOT));
        report.carried(Item.SOCKET);
    }

    private void socket(String value) {
        String line = "socket=" + value;
        String flat = value.startsWith("{") ? flat(value) : value;
        String plain = unquoted(flat).replaceFirst("^([a-z]*:?)([\"'])([^\"']*)\\2", "$1$3");
        Matcher socket = SOCKET.matcher(plain);
        if (!socket.matches()) {
            report.left(Item.SOCKET, line, "it cannot be read");
            return;
        }
        String protocol = socket.group(1) == null ? "udp" : socket.group(1).toLowerCase(Locale.ROOT);
        String host = socket.group(2).equals("*") ? "0.0.0.0" : socket.group(2);
        String ownPort = socket.group(3) == null ? transport.port(protocol, port) : socket.group(3);
        String refusal = refusal(protocol, host, ownPort);
        if (refusal != null) {
            report.left(Item.SOCKET, line, refusal);
            return;
        }
        String rest = socket.group(4) == null ? "" : socket.group(4);
        report.carried(Item.SOCKET);
        add(transport.protocol(protocol, ownPort), host, ownPort, rest, line);
        if (kamailio && socket.group(1) == null) {
            add(transport.protocol("tcp", ownPort), host, ownPort, rest, line);
        }
        if (!transport.protocol(protocol, ownPort).equals(protocol)) {
            report.differs(
                    line,
                    "its port is one of WebSocket in event_route[xhttp:request], and a socket is for WebSocket or for SIP");
        }
    }

    /** Why a socket cannot be carried over; null if it can. */
    private String refusal(String protocol, String host, String ownPort) {
        if (!List.of("udp", "tcp", "tls", "ws", "wss").contains(protocol)) {
            return "only UDP, TCP, TLS and WebSocket are supported";
        } else if (IpLiteral.parse(host) == null) {
            return "sockets are named by IP addresses; write that of " + host;
        }
        return protocol.matches("tls|wss") ? tls.refusal(host, ownPort) : null;
    }

    /** Converts a socket block of Kamailio to the one-line form. */
    private static String flat(String block) {
        Map<String, String> values = new LinkedHashMap<>();
        Matcher property = PROPERTY.matcher(block);
        while (property.find()) {
            values.put(property.group(1), unquoted(property.group(2).strip()));
        }
        String line = values.getOrDefault("bind", "");
        line += values.containsKey("advertise") ? " advertise " + values.get("advertise") : "";
        return line + (values.containsKey("name") ? " name " + values.get("name") : "");
    }

    private void add(String protocol, String host, String ownPort, String rest, String line) {
        String address = protocol + ":" + host + ":" + ownPort;
        if (listened.containsKey(address)) {
            return;
        }
        Matcher as = AS.matcher(rest);
        String advertiseAs = as.find() ? as.group(1) : null;
        if (advertiseAs == null && advertisedAddress != null) {
            advertiseAs = advertisedAddress + ":" + (advertisedPort == null ? ownPort : advertisedPort);
            advertised = true;
        }
        boolean all = host.equals("0.0.0.0") || host.equals("[::]");
        if (advertiseAs == null && all) {
            advertiseAs = "127.0.0.1:" + ownPort;
            unfinished.add(
                    "sockets: " + line + " is on all addresses; write the address to advertise in place of 127.0.0.1");
        }
        boolean balanced = isBalanced(protocol, rest, line);
        String name = name(protocol, rest);
        listened.put(address, name);
        if (protocol.matches("tls|wss")) {
            overTls.add(new TlsSocket(name, host, ownPort));
        }
        sockets.put(name, setting(address, advertiseAs, balanced));
    }

    /** @param advertiseAs null for none */
    private static String setting(String address, String advertiseAs, boolean balanced) {
        String listen = ConfWriter.quoted(address);
        if (advertiseAs == null && !balanced) {
            return listen;
        }
        return "{ listen = " + listen + (advertiseAs == null ? "" : ", advertise = " + ConfWriter.quoted(advertiseAs))
                + (balanced ? ", proxy_protocol { from = [] }" : "") + " }";
    }

    /** Whether load balancers send the header of the PROXY protocol to the socket. */
    private boolean isBalanced(String protocol, String rest, String line) {
        boolean accepts = transport.acceptsProxyHeaders() && !protocol.equals("udp");
        for (Matcher word = PROXY.matcher(rest); word.find(); ) {
            if (word.group(1).equalsIgnoreCase("send")) {
                report.note(line, "connections that this node opens have no header of the PROXY protocol");
            } else if (protocol.equals("udp")) {
                report.note(line, "UDP has no header of the PROXY protocol");
            } else {
                accepts = true;
            }
        }
        if (accepts) {
            unfinished.add(
                    "sockets: " + line + " takes connections from load balancers with the PROXY protocol; write their"
                            + " addresses into proxy_protocol.from");
        }
        return accepts;
    }

    private String name(String protocol, String rest) {
        Matcher named = NAME.matcher(rest);
        String wanted = named.find() ? named.group(1) : sockets.isEmpty() ? "main" : protocol;
        String name = wanted;
        // The block tls.server_domains.default is that of all sockets.
        for (int i = 2; sockets.containsKey(name) || name.equals(TlsProfile.DEFAULT); i++) {
            name = wanted + i;
        }
        return name;
    }

    /** Whether the text names one of the sockets. */
    boolean knows(String socket) {
        String lower = socket.toLowerCase(Locale.ROOT);
        String whole = lower.matches("(udp|tcp|tls):.*") ? lower : "udp:" + lower;
        String usual = transport.port(whole.substring(0, 3), "5060");
        return sockets.containsKey(socket) || listened.containsKey(whole) || listened.containsKey(whole + ":" + usual);
    }
}
