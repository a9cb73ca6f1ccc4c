package org.sipdispatch.catalog;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** What the parts of a row are called where they stand, so that warnings name them as the operator does. */
record Columns(Map<Column, String> names) {
    static final Columns LIST_FILE = of(Column::inListFile);

    /** Of destinations that stand in no row. */
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
