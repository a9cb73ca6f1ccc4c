/**
 * This node in the cluster: one actor system after the other with all actors of the packages {@code membership},
 * {@code sharding}, {@code replication} and {@code definitions}, and what the rest of the node may ask of them.
 */
package org.sipdispatch.cluster;
