package org.sipdispatch.pauses;

import java.util.Collection;

/** The period in which a node's process was stopped. Times as of {@link System#nanoTime}. */
public record Pause(int node, long fromNs, long toNs) {
    public boolean covers(int ofNode, long atNs) {
        return node == ofNode && atNs >= fromNs && atNs < toNs;
    }

    /** Whether the pause overlaps that period. */
    public boolean meets(int ofNode, long sinceNs, long untilNs) {
        return node == ofNode && sinceNs < toNs && untilNs >= fromNs;
    }

    /**
     * The last time until then at which that node ran: a paused node has sent before its pause what arrives during it.
     */
    public static long lastRunNs(Collection<Pause> pauses, int node, long atNs) {
        return pauses.stream()
                .filter(pause -> pause.covers(node, atNs))
                .mapToLong(Pause::fromNs)
                .findFirst()
                .orElse(atNs);
    }
}
