package org.sipdispatch.sets;

import java.util.List;

/**
 * A set's answer with its reasons.
 *
 * @param candidates the places of those that would be tried, best first
 * @param why for each member of the set, in a few words, it is among them or not
 */
public record Reasoned(List<Integer> candidates, List<String> why) {}
