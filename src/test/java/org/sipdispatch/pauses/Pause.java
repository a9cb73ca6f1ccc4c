package org.sipdispatch.pauses;

/** The time in which a node's process was stopped. Times as of {@link System#nanoTime}. */
public record Pause(int node, long fromNs, long toNs) {
    public boolean covers(int ofNode, long atNs) {
        return node == ofNode && atNs >= fromNs && atNs < toNs;
    }

    /** Whether any of that time was within the pause. */
    public boolean meets(int ofNode, long sinceNs, long untilNs) {
        return node == ofNode && sinceNs < toNs && untilNs >= fromNs;
    }
}
