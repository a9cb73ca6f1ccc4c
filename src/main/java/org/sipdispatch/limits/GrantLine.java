package org.sipdispatch.limits;

/**
 * What a node gets of one limit.
 *
 * @param limit the name of the limit
 * @param places more places for its share
 * @param tokens more tokens of the rate
 * @param fullMs for how long there is no use in asking again, in milliseconds; 0 if the limit is not reached
 */
public record GrantLine(String limit, int places, int tokens, int fullMs) {}
