/** Tell the others: membership, sharding, replicated knowledge, and what all of it looks like on the wire. */
package org.sipdispatch.cluster;
