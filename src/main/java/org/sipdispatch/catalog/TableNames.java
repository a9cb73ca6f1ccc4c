package org.sipdispatch.catalog;

/**
 * The names of a table, its columns and its table of versions.
 *
 * @param versions the table of table versions
 */
record TableNames(String name, ColumnNames columns, String versions) {}
