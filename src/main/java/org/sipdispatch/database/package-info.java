/** How is a database reached? URLs, pools of connections, scripts. Uses {@code settings}; speaks JDBC. */
package org.sipdispatch.database;
