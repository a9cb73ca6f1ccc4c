package org.sipdispatch.limits;

import java.util.List;

/**
 * The allocator asks a node for another report.
 *
 * @param allocator the number of its node
 * @param pledge that of the node's last report; {@link #ANY_PLEDGE} if it has not reported
 * @param number grows with each poke
 * @param giveBack the limits whose free places other nodes need
 */
public record SharePoke(long allocator, long pledge, long number, List<String> giveBack) {
    static final long ANY_PLEDGE = 0;
}
