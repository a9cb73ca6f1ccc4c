/** The cluster's database: settings and configuration of the journal, tables, tie-breaks and leader heartbeats. */
package org.sipdispatch.store;
