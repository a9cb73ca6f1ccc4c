package org.sipdispatch.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.sipdispatch.sets.Attrs;
import org.sipdispatch.sets.LimitValues;
import org.sipdispatch.settings.SpellingSuggestions;

/**
 * Finds misspelt names and limits in rows. An unknown parameter is ignored (RFC 3261 section 19.1.1), so without
 * {@code transport=tls} requests go over UDP; an unknown attribute is ignored too.
 */
final class Misspellings {
    private static final String NUMBER = "a whole number from 0 to " + LimitValues.MOST;
    private static final List<String> PARAMETERS = List.of("transport");
    private static final List<String> ATTRIBUTES = List.of("tls_name", "tls_domain", "maxcalls", "maxcps", "minasr");

    /** The numbers that algorithms compare. */
    private static final List<String> NUMBERS = List.of("latency", "rweight", "maxload");

    private Misspellings() {}

    /**
     * Adds a warning for each name of a parameter or attribute that resembles a known one, and for each limit that is no
     * number.
     *
     * @param resources the attributes that are capacities
     */
    static void warn(SourceRow row, ColumnNames columns, Set<String> resources, Warnings warnings) {
        for (String item : parameters(row.text(Column.DESTINATION))) {
            warn(row, columns.name(Column.DESTINATION), item, PARAMETERS, Set.of(), warnings);
        }
        String attrs = row.text(Column.ATTRS);
        for (String item : attrs == null ? List.<String>of() : List.of(attrs.split(";"))) {
            warn(row, columns.name(Column.ATTRS), item, ATTRIBUTES, resources, warnings);
        }
        String column = columns.name(Column.ATTRS);
        LimitValues.malformed(attrs)
                .forEach(one -> warnings.add(row, column, one, NUMBER + "; there is no such limit otherwise"));
        resources.stream()
                .sorted()
                .forEach(key -> warnNumber(row, column, key, "the destination gets no calls that need it", warnings));
        NUMBERS.forEach(key -> warnNumber(row, column, key, "it is ignored", warnings));
    }

    private static void warnNumber(SourceRow row, String column, String key, String otherwise, Warnings warnings) {
        String attrs = row.text(Column.ATTRS);
        String value = Attrs.value(attrs, key);
        if (value != null && Attrs.number(attrs, key, -1) < 0) {
            warnings.add(row, column, key + "=" + value, NUMBER + "; otherwise " + otherwise);
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

    /** {@code others}: names that are no misspellings either. */
    private static void warn(
            SourceRow row, String column, String item, List<String> known, Set<String> others, Warnings warnings) {
        int equals = item.indexOf('=');
        String name = equals < 0 ? "" : item.substring(0, equals).strip();
        if (!name.isEmpty() && !known.contains(name) && !others.contains(name)) {
            SpellingSuggestions.meant(name, known).stream()
                    .findFirst()
                    .ifPresent(meant -> warnings.add(
                            row, column, item.strip(), meant + " instead of " + name + ", which is ignored"));
        }
    }
}
