package org.sipdispatch.pauses;

/**
 * A destination in a node's view. Times as of {@link System#nanoTime}.
 *
 * @param state the state and the order that caused it
 * @param askedNs the time of the request; the state is from that time or later
 */
public record ViewSeen(
        int node, String destination, StateVersion version, String state, long askedNs, long answeredNs) {}
