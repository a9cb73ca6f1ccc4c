package org.sipdispatch.limits;

/**
 * What a node has of one limit, and what it needs.
 *
 * @param limit the name of the limit
 * @param held the places of its share, at least as many as it has calls
 * @param needed how many calls wait for a place
 * @param wanted how many more free places it wants, so that further calls need not wait
 * @param unusedTokens tokens of the rate that it gives back
 * @param neededTokens how many calls wait for a token
 * @param wantedTokens how many more tokens it wants
 */
public record ShareLine(
        String limit, int held, int needed, int wanted, int unusedTokens, int neededTokens, int wantedTokens) {
    /** Whether it says nothing but what the node holds. */
    boolean asksNothing() {
        return needed == 0 && wanted == 0 && unusedTokens == 0 && neededTokens == 0 && wantedTokens == 0;
    }
}
