package org.sipdispatch.limits;

import java.util.List;

/**
 * What a node knows of answered calls, for another node that compares it with what it knows itself. Each list has a
 * hash of the calls in each of {@link AnsweredCalls#BUCKETS} buckets.
 *
 * @param node the number of the node that knows this
 * @param own its own calls
 * @param yours the calls of the node that receives this
 * @param absent those of all nodes that are not in the cluster any more
 */
public record CallDigests(long node, List<Long> own, List<Long> yours, List<Long> absent) {}
