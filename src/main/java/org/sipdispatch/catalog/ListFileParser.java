package org.sipdispatch.catalog;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Attrs;
import org.sipdispatch.sip.SipUri;

/**
 * Reads a Kamailio {@code dispatcher.list}: {@code setid sip-uri flags priority attrs} on each line, the last three
 * optional, attrs in quotes if they hold blanks, comments from {@code #}.
 */
final class ListFileParser {
    private static final int INACTIVE = 1;
    private static final int DISABLED = 4;
    private static final int PROBING = 8;

    private final Warnings warnings;
    private final List<SourceRow> rows = new ArrayList<>();

    private ListFileParser(Warnings warnings) {
        this.warnings = warnings;
    }

    /** Splits the text into rows. Checks only the syntax of the lines; {@link RowCheck} checks the values. */
    static List<SourceRow> rows(String name, String text, Warnings warnings) {
        ListFileParser file = new ListFileParser(warnings);
        String[] lines = text.split("\\r\\n|\\r|\\n", -1);
        for (int i = 0; i < lines.length; i++) {
            file.read(name + " line " + (i + 1), lines[i]);
        }
        return file.rows;
    }

    private void read(String place, String line) {
        List<String> fields = fields(place, line);
        if (fields.isEmpty()) {
            return;
        }
        if (fields.size() > 5) {
            warnings.add(place, "attrs", fields.get(5), "the end of the line, or quotes around the attrs; ignored");
        }
        String flags = fields.size() > 2 ? fields.get(2) : "0";
        int bits = bits(flags);
        if (bits < 0) {
            warnings.skip(place, "flags", flags, "a decimal number, or a hexadecimal one after 0x");
            return;
        }
        String uri = fields.size() > 1 ? repaired(place, fields.get(1)) : null;
        String attrs = fields.size() > 4 ? fields.get(4) : "";
        String weight = attribute(attrs, "weight", attribute(attrs, "rweight", null));
        String socket = attribute(attrs, "socket", attribute(attrs, "sockname", null));
        String priority = fields.size() > 3 ? fields.get(3) : "0";
        Map<Column, String> texts = new EnumMap<>(Column.class);
        texts.put(Column.SETID, fields.get(0));
        texts.put(Column.DESTINATION, uri);
        texts.put(Column.SOCKET, socket);
        texts.put(Column.STATE, state(bits));
        texts.put(Column.WEIGHT, weight);
        texts.put(Column.PRIORITY, priority);
        texts.put(Column.ATTRS, attrs);
        texts.put(Column.PROBE_MODE, probeMode(bits));
        rows.add(new SourceRow(place, texts));
    }

    private List<String> fields(String place, String line) {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < line.length() && isBlank(line.charAt(at))) {
                at++;
            }
            if (at == line.length() || line.charAt(at) == '#') {
                return fields;
            }
            boolean quoted = line.charAt(at) == '"';
            int start = quoted ? at + 1 : at;
            at = start;
            while (at < line.length() && (quoted ? line.charAt(at) != '"' : !isBlank(line.charAt(at)))) {
                at++;
            }
            fields.add(line.substring(start, at).strip());
            if (quoted && at == line.length()) {
                warnings.add(
                        place,
                        "quotes",
                        line.substring(start - 1),
                        "a quote at its end too; read up to the end of the line");
            }
            at = quoted ? Math.min(at + 1, line.length()) : at;
        }
    }

    private static boolean isBlank(char c) {
        return c <= ' ' || c == '\uFEFF';
    }

    /** The flags as a number; -1 if they are not a number. */
    private static int bits(String flags) {
        boolean hexadecimal = flags.toLowerCase(Locale.ROOT).startsWith("0x");
        String digits = hexadecimal ? flags.substring(2) : flags;
        if (!digits.matches(hexadecimal ? "[0-9a-fA-F]{1,7}" : "\\d{1,9}")) {
            return -1;
        }
        return Integer.parseInt(digits, hexadecimal ? 16 : 10);
    }

    /**
     * The state that the flags mean. Kamailio never sends to an inactive or disabled destination, and pings an inactive
     * one that is also probing until it answers. Probing alone only requests pings; the destination takes traffic, as
     * it does here.
     */
    private static String state(int bits) {
        DestinationState state = DestinationState.ACTIVE;
        if ((bits & DISABLED) != 0) {
            state = DestinationState.INACTIVE;
        } else if ((bits & INACTIVE) != 0) {
            state = (bits & PROBING) != 0 ? DestinationState.PROBING : DestinationState.INACTIVE;
        }
        return String.valueOf(state.code());
    }

    /** Kamailio pings a destination with the probing flag in any state except disabled. */
    private static String probeMode(int bits) {
        return (bits & PROBING) != 0 && (bits & DISABLED) == 0 ? "1" : "0";
    }

    /** Adds a missing scheme to a URI, as Kamailio does. */
    private String repaired(String place, String text) {
        SipUri uri = SipUri.parse(text);
        boolean hasScheme = text.matches("(?i)sips?:.*") || uri != null && uri.scheme() == SipUri.Scheme.TEL;
        String repaired = "sip:" + text;
        if (hasScheme || UriCheck.complaint(repaired) != null) {
            return text;
        }
        warnings.add(place, "uri", text, UriCheck.EXPECTED + "; read as " + repaired);
        return repaired;
    }

    private static String attribute(String attrs, String name, String otherwise) {
        String value = Attrs.value(attrs, name);
        return value == null ? otherwise : value;
    }
}
