/**
 * Tell the others: membership, sharding, replicated knowledge, and what all of it looks like on the wire. Uses
 * {@code sets}, {@code destination}, {@code catalog} and {@code settings}; the only room that knows Akka Cluster.
 */
package org.sipdispatch.cluster;
