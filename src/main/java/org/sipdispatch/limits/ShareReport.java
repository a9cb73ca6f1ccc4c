package org.sipdispatch.limits;

import java.util.List;

/**
 * What a node reports to the allocator. The next report makes the answer to this one void.
 *
 * @param node the number of the node
 * @param allocator the number of the node to which alone it reports
 * @param pledge grows whenever the node turns to another allocator, or has lost its share
 * @param number grows with each report
 * @param complete whether limits without a line have no place of this node; otherwise they are as before
 * @param poke the number of the last poke that the node has followed
 * @param lines the limits that have changed, and those of which the node needs something
 * @param promised the nodes whose membership lease may rely on this node
 */
public record ShareReport(
        long node,
        long allocator,
        long pledge,
        long number,
        boolean complete,
        long poke,
        List<ShareLine> lines,
        List<Long> promised) {}
