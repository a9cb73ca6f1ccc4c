/**
 * The sources of destinations: database tables and list files, read and checked; states are written back. Uses {@code
 * sip}, {@code sets}, {@code destination}, {@code database} and {@code settings}; knows JDBC.
 */
package org.sipdispatch.catalog;
