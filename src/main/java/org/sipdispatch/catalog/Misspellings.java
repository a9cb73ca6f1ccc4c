package org.sipdispatch.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.sipdispatch.sets.LimitValues;
import org.sipdispatch.settings.SpellingSuggestions;

/**
 * Finds misspelt names and limits in rows. An unknown parameter is ignored (RFC 3261 section 19.1.1), so without
 * {@code transport=tls} requests go over UDP; an unknown attribute is ignored too.
 */
final class Misspellings {
    private static final List<String> PARAMETERS = List.of("transport");
    private static final List<String> ATTRIBUTES = List.of("tls_name", "tls_domain", "maxcalls", "maxcps", "minasr");

    private Misspellings() {}

    /**
     * Adds a warning for each name of a parameter or attribute that resembles a known one, and for each limit that is no
     * number.
     */
    static void warn(SourceRow row, ColumnNames columns, Warnings warnings) {
        for (String item : parameters(row.text(Column.DESTINATION))) {
            warn(row, columns.name(Column.DESTINATION), item, PARAMETERS, warnings);
        }
        String attrs = row.text(Column.ATTRS);
        for (String item : attrs == null ? List.<String>of() : List.of(attrs.split(";"))) {
            warn(row, columns.name(Column.ATTRS), item, ATTRIBUTES, warnings);
        }
        for (String limit : LimitValues.malformed(attrs)) {
            warnings.add(
                    row,
                    columns.name(Column.ATTRS),
                    limit,
                    "a whole number from 0 to " + LimitValues.MOST + "; there is no such limit otherwise");
        }
    }

    /** The parameters after the host; names do not depend on case. */
    private static List<String> parameters(String uri) {
        if (uri == null) {
            return List.of();
        }
        // The user part may have parameters of its own.
        String host = uri.substring(uri.lastIndexOf('@') + 1).split("\\?", 2)[0];
        return Arrays.stream(host.toLowerCase(Locale.ROOT).split(";")).skip(1).toList();
    }

    private static void warn(SourceRow row, String column, String item, List<String> known, Warnings warnings) {
        int equals = item.indexOf('=');
        String name = equals < 0 ? "" : item.substring(0, equals).strip();
        if (!name.isEmpty() && !known.contains(name)) {
            SpellingSuggestions.meant(name, known).stream()
                    .findFirst()
                    .ifPresent(meant -> warnings.add(
                            row, column, item.strip(), meant + " instead of " + name + ", which is ignored"));
        }
    }
}
