/** Access to databases: URLs, connection pools and SQL scripts. Uses {@code settings}; knows JDBC. */
package org.sipdispatch.database;
