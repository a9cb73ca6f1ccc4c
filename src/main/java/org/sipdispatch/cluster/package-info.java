/**
 * This node's membership in the cluster: a sequence of actor systems (sessions) with all actors of the packages
 * {@code membership}, {@code sharding}, {@code replication} and {@code definitions}, and the operations that the rest
 * of the node uses.
 */
package org.sipdispatch.cluster;
