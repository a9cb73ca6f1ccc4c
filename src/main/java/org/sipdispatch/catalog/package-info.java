/**
 * Where are the destinations written down? Database tables and list files, read and checked. Uses {@code sip},
 * {@code sets}, {@code destination} and {@code settings}; alone uses JDBC.
 */
package org.sipdispatch.catalog;
