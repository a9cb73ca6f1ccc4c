package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.sip.SipUri;

/** Converts a Kamailio {@code dispatcher.list} to our list format or to rows of an OpenSIPS table. */
public final class KamailioList {
    private static final Pattern FIELD = Pattern.compile("\"([^\"]*)\"?|([^\\s\"]\\S*)");
    private static final Pattern SOCKET = Pattern.compile("(?i)(udp|tcp|tls):[^\\s:][^\\s]*");
    /** The attributes that Kamailio reads and this program does not. */
    private static final List<String> UNREAD = List.of("obproxy", "ocmin", "ocmax", "ocrate");

    private static final int INACTIVE = 1;
    private static final int TRYING = 2;
    private static final int DISABLED = 4;
    private static final int PROBING = 8;
    private static final int NO_PINGS = 32;

    private record DispatcherListRow(String set, String uri, int flags, String priority, Map<String, String> attrs) {}

    private final KamailioOrder lines = new KamailioOrder();
    private final String file;
    private final String table;
    private final List<LeftOut> left = new ArrayList<>();
    private int line;
    private int rows;
    private int usable;

    private KamailioList(String file, String table) {
        this.file = file;
        this.table = table;
    }

    /**
     * A part of the list that was not carried over.
     *
     * @param what with the file and the line
     * @param isRow whether the part is a row; otherwise it is a value of a row
     */
    public record LeftOut(String what, String why, boolean isRow) {}

    /**
     * The result of a conversion.
     *
     * @param list in our format
     * @param sql the rows as INSERT statements
     * @param destinations the number of usable rows
     * @param rows the number of rows
     * @param left the rows and values that were not carried over
     */
    public record Converted(String list, String sql, int destinations, int rows, List<LeftOut> left) {
        /** Whether every row was carried over completely. */
        public boolean isWhole() {
            return left.isEmpty();
        }

        /** A summary in one line. */
        public String counted() {
            long values = left.stream().filter(one -> !one.isRow()).count();
            return destinations + " of " + rows + " row" + (rows == 1 ? "" : "s") + " usable"
                    + (values == 0 ? "" : ", " + values + " value" + (values == 1 ? "" : "s") + " not carried over");
        }
    }

    /**
     * Converts a list.
     *
     * @param file the name of the list, for messages
     * @param table the table's name for the INSERT statements
     */
    public static Converted convert(String file, String text, String table) {
        KamailioList converted = new KamailioList(file, table);
        converted.comment("# setid  sip-uri  flags  priority  attrs");
        for (String row : text.split("\\R", -1)) {
            converted.line++;
            converted.read(row.strip());
        }
        return new Converted(
                converted.lines.list(),
                converted.lines.sql(),
                converted.usable,
                converted.rows,
                List.copyOf(converted.left));
    }

    /** Whether a file is such a list, of which some rows may be wrong. No line of a script begins with a number. */
    public static boolean isList(String text) {
        List<String> rows = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        long numbered =
                rows.stream().filter(row -> row.matches("\\d+\\s+\\S+.*")).count();
        return numbered > rows.size() / 2;
    }

    private void left(String what, String why, boolean isRow) {
        LeftOut one = new LeftOut(file + " line " + line + ": " + what, why, isRow);
        left.add(one);
        comment("# not carried over: " + one.what + ", because " + why);
        if (isRow) {
            lines.stay();
        }
    }

    private void left(String what, String why) {
        left(what, why, false);
    }

    private void comment(String line) {
        lines.add(line + "\n", "-- " + line.replaceFirst("^#+ *", "") + "\n");
    }

    private void read(String row) {
        if (row.isEmpty()) {
            lines.add("\n", "");
            lines.stay();
            return;
        }
        if (row.startsWith("#")) {
            comment(row);
            return;
        }
        rows++;
        lines.begin();
        List<String> fields = fields(row);
        String uri = fields.size() > 1 ? scheme(fields.get(1)) : "";
        String flags = fields.size() > 2 ? fields.get(2) : "0";
        Map<String, String> attrs = new LinkedHashMap<>();
        List<String> repeated = attrs(fields.size() > 4 ? fields.get(4) : "", attrs);
        String problem = problem(fields, uri, flags);
        problem = problem == null ? weightProblem(attrs) : problem;
        if (problem != null) {
            left(row, problem, true);
            return;
        }
        repeated.forEach(one -> left(one + " of " + uri, "the same key follows"));
        if (fields.size() > 5) {
            left(
                    "\"" + String.join(" ", fields.subList(5, fields.size())) + "\" of " + uri,
                    "attrs with blanks are expected in quotes");
        }
        int bits = flags.toLowerCase(java.util.Locale.ROOT).startsWith("0x")
                ? Integer.parseInt(flags.substring(2), 16)
                : Integer.parseInt(flags);
        write(new DispatcherListRow(fields.get(0), uri, bits, fields.size() > 3 ? fields.get(3) : "0", attrs));
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        Matcher field = FIELD.matcher(line);
        while (field.find() && !field.group().startsWith("#")) {
            fields.add(field.group(1) == null ? field.group(2) : field.group(1).strip());
        }
        return fields;
    }

    private static String scheme(String uri) {
        return uri.matches("(?i)\\w+:[^\\d].*|sips?:.*") ? uri : "sip:" + uri;
    }

    private static String problem(List<String> fields, String text, String flags) {
        SipUri uri = SipUri.parse(text);
        if (fields.size() < 2 || !fields.get(0).matches("\\d{1,9}")) {
            return "a set's number and a URI are expected";
        }
        if (!flags.matches("\\d{1,9}|0[xX][0-9a-fA-F]{1,7}")) {
            return "the flags are not a number";
        }
        if (fields.size() > 3 && !(fields.get(3).matches("\\d{1,5}") && Integer.parseInt(fields.get(3)) <= 65535)) {
            return "priorities are 0 to 65535";
        }
        if (uri == null || !uri.isSip()) {
            return "it is not a sip URI";
        }
        return List.of("udp", "tcp", "tls").contains(uri.transport()) ? null : "only UDP, TCP and TLS are supported";
    }

    /** As in the list that a node reads, a row with another weight is not used. */
    private static String weightProblem(Map<String, String> attrs) {
        for (String key : List.of("weight", "rweight")) {
            String weight = attrs.getOrDefault(key, "1");
            if (weight == null || !weight.matches("\\d{1,5}") || Integer.parseInt(weight) > 65535) {
                return key + (weight == null ? "" : "=" + weight) + " is not a whole number from 0 to 65535";
            }
        }
        return null;
    }

    /** Adds the attributes of a row; returns those that a later one with the same key replaces. */
    private static List<String> attrs(String text, Map<String, String> attrs) {
        List<String> repeated = new ArrayList<>();
        for (String item : text.split(";")) {
            int equals = item.indexOf('=');
            if (!item.isBlank()) {
                String key =
                        equals < 0 ? item.strip() : item.substring(0, equals).strip();
                if (attrs.containsKey(key)) {
                    repeated.add(written(key, attrs.get(key)));
                }
                attrs.put(key, equals < 0 ? null : item.substring(equals + 1).strip());
            }
        }
        return repeated;
    }

    private static String written(String key, String value) {
        return value == null ? key : key + "=" + value;
    }

    private void write(DispatcherListRow entry) {
        usable++;
        Map<String, String> attrs = new LinkedHashMap<>(entry.attrs);
        if (attrs.containsKey("rweight") && !attrs.containsKey("weight")) {
            attrs.put("weight", attrs.remove("rweight"));
        }
        socket(entry, attrs);
        if ((entry.flags & NO_PINGS) != 0) {
            attrs.putIfAbsent("ds_ping_interval", "0");
        }
        writeNotes(entry, attrs);
        int flags = entry.flags & (INACTIVE | DISABLED | PROBING);
        String text = joined(attrs);
        lines.add(
                entry.set + " " + entry.uri + " " + flags + " " + entry.priority
                        + (text.isEmpty() ? "" : text.matches(".*[\\s#].*") ? " \"" + text + "\"" : " " + text) + "\n",
                insert(entry, attrs));
        lines.end(Integer.parseInt(entry.set), Integer.parseInt(entry.priority));
    }

    /** In Kamailio a socket's name has priority over its address. */
    private void socket(DispatcherListRow entry, Map<String, String> attrs) {
        String socket = attrs.get("socket");
        boolean isNamed = attrs.containsKey("sockname");
        String name = attrs.remove("sockname");
        if (isNamed && (name == null || name.isEmpty())) {
            left("sockname of " + entry.uri, "the name of a socket is expected");
        } else if (isNamed) {
            if (attrs.containsKey("socket")) {
                left(written("socket", socket) + " of " + entry.uri, "sockname applies");
            }
            attrs.put("socket", name);
        } else if (attrs.containsKey("socket")
                && (socket == null || !SOCKET.matcher(socket).matches())) {
            left(written("socket", socket) + " of " + entry.uri, "udp:, tcp: or tls:address[:port] is expected");
            attrs.remove("socket");
        }
    }

    private void writeNotes(DispatcherListRow entry, Map<String, String> attrs) {
        if ((entry.flags & TRYING) != 0) {
            left("flag 2 of " + entry.uri, "a destination that is being tried is active here");
        }
        int others = entry.flags & ~(INACTIVE | TRYING | DISABLED | PROBING | NO_PINGS);
        if (others != 0) {
            left("flags " + others + " of " + entry.uri, "1, 2, 4, 8, 32 and their sums are expected");
        }
        if (attrs.containsKey("ping_from") && (attrs.get("ping_from") == null || !isSip(attrs.get("ping_from")))) {
            left(written("ping_from", attrs.get("ping_from")) + " of " + entry.uri, "a sip URI is expected");
            attrs.remove("ping_from");
        }
        for (String other : UNREAD) {
            if (attrs.containsKey(other)) {
                left(written(other, attrs.get(other)) + " of " + entry.uri, "nothing here reads " + other);
            }
        }
    }

    private static boolean isSip(String text) {
        SipUri uri = SipUri.parse(text);
        return uri != null && uri.isSip();
    }

    private static String joined(Map<String, String> attrs) {
        StringJoiner text = new StringJoiner(";");
        attrs.forEach((key, value) -> text.add(written(key, value)));
        return text.toString();
    }

    private String insert(DispatcherListRow entry, Map<String, String> all) {
        Map<String, String> attrs = new LinkedHashMap<>(all);
        String weight = attrs.remove("weight");
        String socket = attrs.remove("socket");
        String duid = attrs.remove("duid");
        boolean probed = (entry.flags & PROBING) != 0;
        boolean disabled = (entry.flags & DISABLED) != 0;
        boolean inactive = (entry.flags & INACTIVE) != 0;
        int state = disabled || inactive && !probed ? 1 : inactive ? 2 : 0;
        return "INSERT INTO " + table
                + " (setid, destination, socket, state, probe_mode, weight, priority, attrs, description) VALUES ("
                + entry.set + ", " + text(entry.uri) + ", " + text(socket) + ", " + state + ", "
                + (probed && !disabled ? 1 : 0) + ", " + text(weight == null ? "1" : weight) + ", " + entry.priority
                + ", " + text(attrs.isEmpty() ? null : joined(attrs)) + ", " + text(duid) + ");\n";
    }

    /**
     * An SQL literal with the same value in all databases. MariaDB reads a backslash in quotes as an escape, PostgreSQL
     * and H2 as a character; the first character of two backslashes is one backslash for all of them.
     */
    private static String text(String value) {
        if (value == null || value.isEmpty()) {
            return "NULL";
        }
        String quoted = "'" + value.replace("'", "''") + "'";
        return value.contains("\\") ? "CONCAT(" + quoted.replace("\\", "', LEFT('\\\\', 1), '") + ")" : quoted;
    }
}
