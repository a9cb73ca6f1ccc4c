package org.sipdispatch.pauses;

/** The period in which a node's process was stopped. Times as of {@link System#nanoTime}. */
public record Pause(int node, long fromNs, long toNs) {
    public boolean covers(int ofNode, long atNs) {
        return node == ofNode && atNs >= fromNs && atNs < toNs;
    }

    /** Whether the pause overlaps that period. */
    public boolean meets(int ofNode, long sinceNs, long untilNs) {
        return node == ofNode && sinceNs < toNs && untilNs >= fromNs;
    }
}
