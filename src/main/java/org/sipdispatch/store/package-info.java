/**
 * The cluster's database: settings and configuration of the journal, tables, tie-breaks and leader heartbeats. Uses
 * {@code database}, {@code membership} and {@code settings}; knows JDBC.
 */
package org.sipdispatch.store;
