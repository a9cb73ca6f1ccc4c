package org.sipdispatch.limits;

import java.util.List;

/**
 * The allocator's answer to a report.
 *
 * @param allocator the number of its node
 * @param pledge that of the report
 * @param number that of the report
 * @param unknown whether the allocator does not know the node, which then has to report completely
 * @param lines the limits of which the node gets something, and those that are reached
 */
public record ShareGrant(long allocator, long pledge, long number, boolean unknown, List<GrantLine> lines) {}
