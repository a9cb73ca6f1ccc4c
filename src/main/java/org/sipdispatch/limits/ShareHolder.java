package org.sipdispatch.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The shares of one node, in one session in the cluster: reports them to the allocator and applies its answers. Not
 * thread-safe. All times are nanoseconds of the clock of {@link NodeLimits}.
 */
public final class ShareHolder {
    /** The number of no node. */
    public static final long NOBODY = 0;

    private static final long MS = 1_000_000;
    private static final long REPORT_NANOS = 100 * MS;
    private static final long ANSWER_NANOS = 150 * MS;
    private static final long PATIENCE_NANOS = 200 * MS;

    /** What the allocator knows of a limit, and the tokens after the last report. */
    private static final class Reported {
        private int held;
        private int tokens;
        /** Places and tokens of the last answer, which calls that have waited are about to take. */
        private int freshPlaces;

        private int freshTokens;
    }

    private final NodeLimits limits;
    private final long node;
    private final Map<String, Reported> reported = new HashMap<>();
    /** The lines of reports since the last answer: whether the allocator knows them is uncertain. */
    private final Map<String, Integer> unanswered = new HashMap<>();

    private final Set<String> wantedBack = new HashSet<>();
    private long allocator = NOBODY;
    private long pledge;
    private long number;
    private long poke;
    private long sentNanos;
    private long seenWaiting;
    private Set<Long> seenPromised = Set.of();
    private boolean answered = true;
    private boolean complete = true;
    private boolean urgent = true;
    /** Whether it reports although it knows no limits, because the allocator does. */
    private boolean awake;

    /** {@code node}: the number of this node in the cluster. */
    public ShareHolder(NodeLimits limits, long node) {
        this.limits = limits;
        this.node = node;
    }

    /** Reports to this node from now on, and to no other one. */
    public void turnTo(long other) {
        if (other != allocator) {
            allocator = other;
            beginAgain();
        }
    }

    /** The node that it reports to; {@link #NOBODY} for none. */
    public long allocator() {
        return allocator;
    }

    /**
     * This node's lease has lapsed, so its free places may belong to others now. So may the places of its calls, if it has
     * used its own part: it asks for the place of each further call.
     */
    public void lapsed() {
        for (CallLimits one : limits.all()) {
            one.share().clear();
            one.tokens().set(0);
        }
        beginAgain();
    }

    private void beginAgain() {
        pledge++;
        answered = true;
        complete = true;
        urgent = true;
        poke = 0;
        unanswered.clear();
        reported.clear();
    }

    /**
     * The next report; null if none is due.
     *
     * @param nodes the number of nodes that share the limits
     * @param promised the nodes whose membership lease may rely on this node
     */
    public ShareReport report(int nodes, Set<Long> promised, long nowNanos) {
        long waiting = limits.waited();
        // The allocator may wait for the end of a promise to a node that was killed.
        boolean isNews = waiting != seenWaiting || !promised.equals(seenPromised);
        boolean isDue = urgent || isNews || nowNanos - sentNanos >= REPORT_NANOS;
        boolean isFree = answered || nowNanos - sentNanos >= ANSWER_NANOS;
        boolean isIdle = limits.isEmpty() && !awake;
        if (allocator == NOBODY || isIdle || !isDue || !isFree) {
            return null;
        }
        urgent = false;
        answered = false;
        seenWaiting = waiting;
        seenPromised = Set.copyOf(promised);
        sentNanos = nowNanos;
        number++;
        List<ShareLine> lines = new ArrayList<>();
        for (CallLimits one : limits.all()) {
            // The line first: it notes what the allocator knows.
            ShareLine line = line(one, nodes);
            boolean isKnown = line.held() == reported.get(one.name()).held && !unanswered.containsKey(one.name());
            if (!isKnown || !line.asksNothing()) {
                lines.add(line);
                unanswered.put(one.name(), line.held());
            }
        }
        wantedBack.clear();
        return new ShareReport(node, allocator, pledge, number, complete, poke, lines, List.copyOf(promised));
    }

    private ShareLine line(CallLimits one, int nodes) {
        Reported before = reported.computeIfAbsent(one.name(), unused -> new Reported());
        int reserve = one.reserve(nodes);
        boolean isWantedBack = wantedBack.contains(one.name());
        if (isWantedBack || one.share().free() > 2 * reserve + before.freshPlaces) {
            one.share().keepFree(before.freshPlaces + (isWantedBack ? 0 : reserve));
        }
        before.freshPlaces = 0;
        int free = one.share().free();
        int wanted = free < (reserve + 1) / 2 && !isWantedBack ? reserve - free : 0;
        int held = one.values().calls() == 0 ? 0 : Math.max(one.share().share(), one.used());
        int tokens = one.tokens().get();
        int used = Math.max(0, before.tokens - tokens);
        // Tokens that no call has used belong to the burst of all nodes.
        int unused = used == 0 && before.freshTokens == 0 ? one.takeTokens(tokens) : 0;
        before.freshTokens = 0;
        before.tokens = tokens - unused;
        int wantedTokens = Math.max(0, Math.min(one.tokenReserve(nodes), used) - before.tokens);
        return new ShareLine(
                one.name(),
                held,
                one.waitingForPlaces().size(),
                wanted,
                unused,
                one.waitingForTokens().size(),
                wantedTokens);
    }

    /** The allocator has answered. */
    public void granted(ShareGrant grant, long nowNanos) {
        if (grant.allocator() != allocator || grant.pledge() != pledge || grant.number() != number || answered) {
            return;
        }
        answered = true;
        if (grant.unknown()) {
            beginAgain();
            // The next one at the usual time: an allocator may not know this node for a while.
            urgent = false;
            return;
        }
        complete = false;
        unanswered.forEach((name, held) -> reported.computeIfAbsent(name, unused -> new Reported()).held = held);
        unanswered.clear();
        for (GrantLine line : grant.lines()) {
            CallLimits one = limits.named(line.limit());
            if (one != null) {
                apply(line, one, nowNanos);
            }
        }
    }

    private void apply(GrantLine line, CallLimits one, long nowNanos) {
        Reported before = reported.computeIfAbsent(one.name(), unused -> new Reported());
        one.share().add(line.places(), before.held);
        one.tokens().addAndGet(line.tokens());
        before.tokens += line.tokens();
        before.freshPlaces = line.places();
        before.freshTokens = line.tokens();
        if (line.fullMs() > 0) {
            one.full(nowNanos + line.fullMs() * MS);
            one.waitingForPlaces().resumeAll();
            one.waitingForTokens().resumeAll();
        } else {
            one.waitingForPlaces().resume(line.places());
            one.waitingForTokens().resume(line.tokens());
        }
    }

    /** The allocator asks for a report. */
    public void poked(SharePoke asked) {
        awake |= asked.allocator() == allocator;
        if (asked.allocator() == allocator && asked.pledge() == pledge && asked.number() > poke) {
            poke = asked.number();
            wantedBack.addAll(asked.giveBack());
            urgent = true;
        }
    }

    /** Calls that have waited for too long are refused. */
    public void endPatience(long nowNanos) {
        for (CallLimits one : limits.all()) {
            boolean isLate = one.waitingForPlaces().isOlderThan(nowNanos - PATIENCE_NANOS)
                    || one.waitingForTokens().isOlderThan(nowNanos - PATIENCE_NANOS);
            if (isLate) {
                one.full(nowNanos + REPORT_NANOS);
                one.waitingForPlaces().resumeAll();
                one.waitingForTokens().resumeAll();
            }
        }
    }
}
