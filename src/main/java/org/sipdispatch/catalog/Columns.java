package org.sipdispatch.catalog;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** The names of the fields in a source, so that warnings use the operator's names. */
record Columns(Map<Column, String> names) {
    static final Columns LIST_FILE = of(Column::inListFile);

    /** For destinations without a row. */
    static final Columns TEMPORARY = of(column -> column == Column.SETID ? "set" : column.standard());

    static Columns of(Function<Column, String> name) {
        Map<Column, String> names = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            names.put(column, name.apply(column));
        }
        return new Columns(names);
    }

    String name(Column column) {
        return names.get(column);
    }
}
