package org.sipdispatch.catalog;

import java.util.Locale;
import java.util.Set;

/** Quotes names in SQL. The settings have checked that they contain no quotes. */
final class SqlNames {
    // Words that might name a table and are reserved in H2, MariaDB, MySQL or PostgreSQL.
    private static final Set<String> RESERVED = Set.of("""
            all and any array as asc between both by call case cast check collate column condition constraint create
            cross current database databases day default delete desc describe distinct do drop else end except
            exists explain fetch for foreign from full function grant group groups having in index inner insert
            intersect interval into is join key keys left like limit lock match natural not null of offset on option
            or order outer partition primary range rank references right row rows schema select set system table
            tables then to trigger union unique update user using value values when where window with
            """.split("\\s+"));

    private SqlNames() {}

    /** A table's name, quoted only where necessary: databases do not fold the case of a quoted name. */
    static String table(String name, String quote) {
        StringBuilder written = new StringBuilder();
        for (String part : name.split("\\.")) {
            boolean plain =
                    part.matches("[A-Za-z_][A-Za-z0-9_$]*") && !RESERVED.contains(part.toLowerCase(Locale.ROOT));
            written.append(written.isEmpty() ? "" : ".").append(plain ? part : quoted(part, quote));
        }
        return written.toString();
    }

    /** A name exactly as the database reported it. */
    static String quoted(String name, String quote) {
        return quote + name.replace(quote, quote + quote) + quote;
    }
}
