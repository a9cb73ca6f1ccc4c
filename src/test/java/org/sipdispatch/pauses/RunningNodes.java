package org.sipdispatch.pauses;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Which nodes ran at which times, according to the pauses of a run. Times as of {@link System#nanoTime}. */
public final class RunningNodes {
    /** The start of the first period of a node. */
    public static final long ALWAYS = Long.MIN_VALUE / 4;

    public static final long NEVER = Long.MAX_VALUE / 4;

    private final int nodes;
    private final List<Pause> pauses;

    public RunningNodes(int nodes, Collection<Pause> pauses) {
        this.nodes = nodes;
        this.pauses = List.copyOf(pauses);
    }

    public boolean runs(int node, long atNs) {
        return pauses.stream().noneMatch(pause -> pause.covers(node, atNs));
    }

    /** The last pause of the node that had ended by then; null if there was none. */
    public Pause lastPause(int node, long atNs) {
        return pauses.stream()
                .filter(pause -> pause.node() == node && pause.toNs() <= atNs)
                .max((one, other) -> Long.compare(one.toNs(), other.toNs()))
                .orElse(null);
    }

    /** The time since which the node has run without interruption; {@link #NEVER} if it is paused then. */
    public long runsSinceNs(int node, long atNs) {
        if (!runs(node, atNs)) {
            return NEVER;
        }
        Pause last = lastPause(node, atNs);
        return last == null ? ALWAYS : last.toNs();
    }

    /**
     * The time since which the same majority of the nodes, including this one, has run without interruption;
     * {@link #NEVER} if no majority runs then, or this node does not.
     */
    public long majoritySinceNs(int node, long atNs) {
        long others = IntStream.range(0, nodes)
                .filter(other -> other != node)
                .mapToLong(other -> runsSinceNs(other, atNs))
                .sorted()
                .skip(nodes / 2 - 1L)
                .findFirst()
                .orElse(ALWAYS);
        return Math.max(others, runsSinceNs(node, atNs));
    }

    /** The time since which no other node has run; {@link #NEVER} if another one runs then. */
    public long aloneSinceNs(int node, long atNs) {
        long since = ALWAYS;
        for (int other = 0; other < nodes; other++) {
            int one = other;
            since = one == node
                    ? since
                    : Math.max(
                            since,
                            pauses.stream()
                                    .filter(pause -> pause.covers(one, atNs))
                                    .mapToLong(Pause::fromNs)
                                    .findFirst()
                                    .orElse(NEVER));
        }
        return since;
    }

    /** Whether any other node was paused at a time in that period. */
    public boolean anotherPaused(int node, long fromNs, long toNs) {
        return pauses.stream().anyMatch(pause -> pause.node() != node && pause.meets(pause.node(), fromNs, toNs));
    }

    /** The start of the node's next pause; {@link #NEVER} if there is none. */
    public long nextPauseNs(int node, long atNs) {
        return pauses.stream()
                .filter(pause -> pause.node() == node && pause.fromNs() >= atNs)
                .mapToLong(Pause::fromNs)
                .min()
                .orElse(NEVER);
    }

    /** All times at which a node stopped or resumed, and this one, in order. */
    LongStream changesSince(long atNs) {
        return LongStream.concat(
                        LongStream.of(atNs),
                        pauses.stream().flatMapToLong(pause -> LongStream.of(pause.fromNs(), pause.toNs())))
                .filter(change -> change >= atNs)
                .sorted();
    }
}
