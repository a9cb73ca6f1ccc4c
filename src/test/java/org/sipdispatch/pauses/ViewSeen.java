package org.sipdispatch.pauses;

/**
 * A destination in a node's view. Times as of {@link System#nanoTime}.
 *
 * @param askedNs the time of the request; the state is from that time or later
 */
public record ViewSeen(int node, String destination, StateVersion version, long askedNs, long answeredNs) {}
