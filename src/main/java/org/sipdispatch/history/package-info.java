/** What happened, and who did it: the cluster's history in its database, and those who are told of it. */
package org.sipdispatch.history;
