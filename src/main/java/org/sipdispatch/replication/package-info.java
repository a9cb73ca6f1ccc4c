/** What all nodes know, in distributed data: definitions, statuses, and the views of the sets that follow from both. */
package org.sipdispatch.replication;
