package org.sipdispatch.limits;

import java.util.List;

/**
 * An answered call that has places in limits, as nodes tell each other.
 *
 * @param key the hash of its Call-ID, the same on all nodes with the same secret
 * @param longestMs how much longer it counts at most, in milliseconds
 * @param limits the names of the limits
 */
public record AnsweredCall(long key, long longestMs, List<String> limits) {}
