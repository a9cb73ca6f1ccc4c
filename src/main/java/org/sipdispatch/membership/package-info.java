/**
 * Cluster membership of this node: joining, forming a cluster, the membership lease granted by a majority, pauses of
 * the process, and which nodes survive a network partition.
 */
package org.sipdispatch.membership;
