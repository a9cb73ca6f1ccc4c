/**
 * What does the cluster remember in its database? The journal's settings and tables, who won a tie, who beats for a
 * cluster. Uses {@code database} and {@code settings}; speaks JDBC.
 */
package org.sipdispatch.store;
