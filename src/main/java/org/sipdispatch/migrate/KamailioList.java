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
    private static final int INACTIVE = 1;
    private static final int TRYING = 2;
    private static final int DISABLED = 4;
    private static final int PROBING = 8;
    private static final int NO_PINGS = 32;

    private record DispatcherListRow(String set, String uri, int flags, String priority, Map<String, String> attrs) {}

    private final StringBuilder list = new StringBuilder();
    private final StringBuilder sql = new StringBuilder();
    private final String table;
    private int rows;
    private int usable;
    private boolean whole = true;

    private KamailioList(String table) {
        this.table = table;
    }

    /**
     * The result of a conversion.
     *
     * @param list in our format
     * @param sql the rows as INSERT statements
     * @param destinations the number of usable rows
     * @param rows the number of rows
     * @param isWhole whether every row was carried over completely
     */
    public record Converted(String list, String sql, int destinations, int rows, boolean isWhole) {
        /** A summary in one line. */
        public String counted() {
            return destinations + " of " + rows + " row" + (rows == 1 ? "" : "s") + " usable";
        }
    }

    /** @param table the table's name for the INSERT statements */
    public static Converted convert(String text, String table) {
        KamailioList converted = new KamailioList(table);
        converted.comment("# setid  sip-uri  flags  priority  attrs");
        for (String line : text.split("\\R", -1)) {
            converted.read(line.strip());
        }
        return new Converted(
                converted.list.toString(), converted.sql.toString(), converted.usable, converted.rows, converted.whole);
    }

    private void left(String what) {
        whole = false;
        comment("# not carried over: " + what);
    }

    private void comment(String line) {
        list.append(line).append('\n');
        sql.append("-- ").append(line.replaceFirst("^#+ *", "")).append('\n');
    }

    private void read(String line) {
        if (line.isEmpty()) {
            list.append('\n');
            return;
        }
        if (line.startsWith("#")) {
            comment(line);
            return;
        }
        rows++;
        List<String> fields = fields(line);
        String uri = fields.size() > 1 ? scheme(fields.get(1)) : "";
        String flags = fields.size() > 2 ? fields.get(2) : "0";
        String problem = problem(fields, uri, flags);
        if (problem != null) {
            left(line + ", because " + problem);
            return;
        }
        int bits = flags.toLowerCase(java.util.Locale.ROOT).startsWith("0x")
                ? Integer.parseInt(flags.substring(2), 16)
                : Integer.parseInt(flags);
        Map<String, String> attrs = attrs(fields.size() > 4 ? fields.get(4) : "");
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
        boolean carried = uri.scheme() == SipUri.Scheme.SIP
                && (uri.transport().equals("udp") || uri.transport().equals("tcp"));
        return carried ? null : "only UDP and TCP are supported";
    }

    private static Map<String, String> attrs(String text) {
        Map<String, String> attrs = new LinkedHashMap<>();
        for (String item : text.split(";")) {
            int equals = item.indexOf('=');
            if (!item.isBlank()) {
                attrs.put(
                        equals < 0 ? item.strip() : item.substring(0, equals).strip(),
                        equals < 0 ? null : item.substring(equals + 1).strip());
            }
        }
        return attrs;
    }

    private void write(DispatcherListRow entry) {
        usable++;
        Map<String, String> attrs = new LinkedHashMap<>(entry.attrs);
        String relative = attrs.remove("rweight");
        if (relative != null) {
            attrs.putIfAbsent("weight", relative);
        }
        String name = attrs.remove("sockname");
        if (name != null) {
            attrs.put("socket", name);
        }
        if ((entry.flags & NO_PINGS) != 0) {
            attrs.putIfAbsent("ds_ping_interval", "0");
        }
        writeNotes(entry, attrs);
        int flags = entry.flags & (INACTIVE | DISABLED | PROBING);
        String text = joined(attrs);
        list.append(entry.set + " " + entry.uri + " " + flags + " " + entry.priority
                + (text.isEmpty() ? "" : text.matches(".*[\\s#].*") ? " \"" + text + "\"" : " " + text) + "\n");
        writeRow(entry, attrs);
    }

    private void writeNotes(DispatcherListRow entry, Map<String, String> attrs) {
        String weight = attrs.get("weight");
        if (weight != null && !(weight.matches("\\d{1,5}") && Integer.parseInt(weight) <= 65535)) {
            left("weight=" + weight + " of " + entry.uri + ", because weights are 0 to 65535");
            attrs.remove("weight");
        }
        if ((entry.flags & TRYING) != 0) {
            left("flag 2 of " + entry.uri + ", because a destination that is being tried is active here");
        }
        for (String other : new String[] {"maxload", "cc", "obproxy", "latency"}) {
            if (attrs.containsKey(other)) {
                left(other + " of " + entry.uri + ", because nothing here reads it");
            }
        }
    }

    private static String joined(Map<String, String> attrs) {
        StringJoiner text = new StringJoiner(";");
        attrs.forEach((key, value) -> text.add(value == null ? key : key + "=" + value));
        return text.toString();
    }

    private void writeRow(DispatcherListRow entry, Map<String, String> all) {
        Map<String, String> attrs = new LinkedHashMap<>(all);
        String weight = attrs.remove("weight");
        String socket = attrs.remove("socket");
        String duid = attrs.remove("duid");
        boolean probed = (entry.flags & PROBING) != 0;
        boolean disabled = (entry.flags & DISABLED) != 0;
        boolean inactive = (entry.flags & INACTIVE) != 0;
        int state = disabled || inactive && !probed ? 1 : inactive ? 2 : 0;
        sql.append("INSERT INTO " + table
                + " (setid, destination, socket, state, probe_mode, weight, priority, attrs, description) VALUES ("
                + entry.set + ", " + text(entry.uri) + ", " + text(socket) + ", " + state + ", "
                + (probed && !disabled ? 1 : 0) + ", " + text(weight == null ? "1" : weight) + ", " + entry.priority
                + ", " + text(attrs.isEmpty() ? null : joined(attrs)) + ", " + text(duid) + ");\n");
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
