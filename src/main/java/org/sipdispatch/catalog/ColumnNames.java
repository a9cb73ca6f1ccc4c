package org.sipdispatch.catalog;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** The names of the fields in a source, so that warnings use the operator's names. */
record ColumnNames(Map<Column, String> names) {
    static final ColumnNames LIST_FILE = of(Column::inListFile);

    /** For destinations without a row. */
    static final ColumnNames TEMPORARY = of(column -> column == Column.SETID ? "set" : column.standard());

    static ColumnNames of(Function<Column, String> name) {
        Map<Column, String> names = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            names.put(column, name.apply(column));
        }
        return new ColumnNames(names);
    }

    String name(Column column) {
        return names.get(column);
    }
}
