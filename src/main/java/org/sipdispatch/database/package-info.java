/** Access to databases: URLs, connection pools and SQL scripts. */
package org.sipdispatch.database;
