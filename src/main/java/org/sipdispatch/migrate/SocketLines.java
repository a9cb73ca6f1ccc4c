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
import org.sipdispatch.sip.IpLiteral;

/** What a script listens on: {@code listen=}, {@code socket=}, {@code alias=} and what belongs to them. */
final class SocketLines {
    private static final Pattern LINE = Pattern.compile(
            "(?m)^\\s*(listen|socket|alias|port|advertised_address|advertised_port|db_default_url)\\s*=\\s*(.+?)\\s*;?\\s*$");
    private static final Pattern SOCKET =
            Pattern.compile("(?i)(?:(udp|tcp|tls|ws|wss|sctp|bin|bins|smpp|hep_udp|hep_tcp|any):)?"
                    + "(\\[[0-9a-f:.]+]|[^\\s:]+)(?::(\\d+))?(?:\\s+(.*))?");
    private static final Pattern AS = Pattern.compile("(?i)\\b(?:as|advertise)\\s+([^\\s\"]+)");
    private static final Pattern NAME = Pattern.compile("(?i)\\b(?:tag|name)\\s+\"?([a-z][\\w-]*)");

    /** The values of our sockets, by name. */
    final Map<String, String> sockets = new LinkedHashMap<>();

    final Set<String> aliases = new LinkedHashSet<>();
    private final Map<String, String> listened = new LinkedHashMap<>();
    private final Conf conf;
    private String port = "5060";
    private String advertisedAddress;
    private String advertisedPort;
    private String database = "";

    SocketLines(String script, Conf conf) {
        this.conf = conf;
        List<String> lines = new ArrayList<>();
        Matcher line = LINE.matcher(script);
        while (line.find()) {
            String value = line.group(2).strip();
            switch (line.group(1)) {
                case "port" -> port = unquoted(value);
                case "advertised_address" -> advertisedAddress = unquoted(value);
                case "advertised_port" -> advertisedPort = unquoted(value);
                case "db_default_url" -> database = unquoted(value);
                case "alias" -> alias(unquoted(value));
                default -> lines.add(value);
            }
        }
        lines.forEach(this::socket);
    }

    /** {@code db_default_url}; empty for none. */
    String database() {
        return database;
    }

    private static String unquoted(String value) {
        return value.replaceAll("^([\"'])(.*)\\1$", "$2");
    }

    private void alias(String value) {
        String host = value.replaceFirst("(?i)^(udp|tcp|tls|ws|wss|sctp):", "").replaceFirst(":\\d+$", "");
        aliases.add(host.toLowerCase(Locale.ROOT));
    }

    private void socket(String value) {
        String plain = value.startsWith("\"") && value.endsWith("\"") ? unquoted(value) : value;
        Matcher socket = SOCKET.matcher(plain);
        String line = "socket=" + value;
        if (!socket.matches()) {
            conf.notCarried(line, "it cannot be read");
            return;
        }
        String protocol = socket.group(1) == null ? "udp" : socket.group(1).toLowerCase(Locale.ROOT);
        if (!protocol.equals("udp") && !protocol.equals("tcp")) {
            conf.notCarried(line, "only UDP and TCP are spoken");
            return;
        }
        String host = socket.group(2).equals("*") ? "0.0.0.0" : socket.group(2);
        if (IpLiteral.parse(host) == null) {
            conf.notCarried(line, "sockets are named by IP addresses; write that of " + host);
            return;
        }
        String rest = socket.group(4) == null ? "" : socket.group(4);
        add(protocol, host, socket.group(3) == null ? port : socket.group(3), rest, line);
    }

    private void add(String protocol, String host, String ownPort, String rest, String line) {
        String address = protocol + ":" + host + ":" + ownPort;
        if (listened.containsKey(address)) {
            return;
        }
        Matcher as = AS.matcher(rest);
        String told = as.find() ? as.group(1) : null;
        if (told == null && advertisedAddress != null) {
            told = advertisedAddress + ":" + (advertisedPort == null ? ownPort : advertisedPort);
        }
        boolean all = host.equals("0.0.0.0") || host.equals("[::]");
        if (told == null && all) {
            told = "127.0.0.1:" + ownPort;
            conf.notCarried(line + " as it is", "others must be told an address: write it in place of 127.0.0.1");
        }
        String name = name(protocol, rest);
        listened.put(address, name);
        sockets.put(
                name,
                told == null
                        ? Conf.quoted(address)
                        : "{ listen = " + Conf.quoted(address) + ", advertise = " + Conf.quoted(told) + " }");
    }

    private String name(String protocol, String rest) {
        Matcher named = NAME.matcher(rest);
        String wanted = named.find() ? named.group(1) : sockets.isEmpty() ? "main" : protocol;
        String name = wanted;
        for (int i = 2; sockets.containsKey(name); i++) {
            name = wanted + i;
        }
        return name;
    }

    /** Whether that text names one of them. */
    boolean knows(String socket) {
        String lower = socket.toLowerCase(Locale.ROOT);
        String whole = lower.matches("(udp|tcp):.*") ? lower : "udp:" + lower;
        return sockets.containsKey(socket) || listened.containsKey(whole) || listened.containsKey(whole + ":5060");
    }
}
