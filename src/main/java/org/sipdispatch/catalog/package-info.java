/**
 * Where are the destinations written down? Database tables and list files, read and checked, and states written back.
 * Uses {@code sip}, {@code sets}, {@code destination}, {@code database} and {@code settings}; speaks JDBC.
 */
package org.sipdispatch.catalog;
