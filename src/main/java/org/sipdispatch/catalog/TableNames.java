package org.sipdispatch.catalog;

/**
 * The names of a table and of what belongs to it.
 *
 * @param versions the table of table versions
 */
record TableNames(String name, Columns columns, String versions) {}
