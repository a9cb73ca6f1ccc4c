package org.sipdispatch.limits;

import org.sipdispatch.sets.LimitValues;

/**
 * A limit, and what one node uses of it.
 *
 * @param name as {@link CallLimits#name}
 * @param values the limits in the whole cluster
 * @param calls the calls in flight through this node
 * @param free how many more this node may have without asking the others
 * @param refused the calls that were refused here since the start, or sent to another destination
 */
public record LimitUse(String name, LimitValues values, int calls, int free, long refused) {}
