package org.sipdispatch.pauses;

/**
 * The times until which a node may refuse calls after a pause: the node must be back in the cluster soon after it
 * resumed, or, if another node was paused before that, soon after a majority of the nodes has begun to run. If no other
 * node runs, the node is cut off after some time, and takes calls.
 */
public final class RecoveryDeadlines {
    /** The nodes, the callers and the database of a run share few processors, so they may take longer than documented. */
    private static final double BUSY = 1.5;

    /** If no other node is paused between the start of the pause and the return to the cluster. */
    public static final long SINGLE_NS = (long) (BUSY * 4_000_000_000L);

    /** If the pauses of several nodes overlap: after a majority has begun to run. */
    public static final long OVERLAPPING_NS = (long) (BUSY * 10_000_000_000L);

    private final RunningNodes running;

    public RecoveryDeadlines(RunningNodes running) {
        this.running = running;
    }

    /** Whether the pauses of other nodes overlap this pause, or the node's return to the cluster. */
    public boolean isOverlapped(Pause pause) {
        return running.anotherPaused(pause.node(), pause.fromNs(), pause.toNs() + SINGLE_NS);
    }

    /**
     * When the node must take calls after that pause. {@link RunningNodes#NEVER} if the pauses of other nodes leave it
     * no time before its next pause.
     */
    public long after(Pause pause) {
        return isOverlapped(pause) ? afterOverlapping(pause) : pause.toNs() + SINGLE_NS;
    }

    private long afterOverlapping(Pause pause) {
        long nextPauseNs = running.nextPauseNs(pause.node(), pause.toNs());
        return running.changesSince(pause.toNs())
                .map(changeNs -> changeNs + OVERLAPPING_NS)
                .filter(atNs -> atNs < nextPauseNs && isSettled(pause, atNs - OVERLAPPING_NS, atNs))
                .findFirst()
                .orElse(RunningNodes.NEVER);
    }

    /** Whether the same majority, or no other node, has run all the time. */
    private boolean isSettled(Pause pause, long sinceNs, long atNs) {
        return running.majoritySinceNs(pause.node(), atNs) <= sinceNs
                || running.aloneSinceNs(pause.node(), atNs) <= sinceNs;
    }
}
