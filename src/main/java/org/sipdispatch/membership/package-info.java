/**
 * Which nodes belong to the cluster, and whether this one still does: joining, forming a cluster, the lease of a majority,
 * pauses of the process, and who goes on after a network partition.
 */
package org.sipdispatch.membership;
