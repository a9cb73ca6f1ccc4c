package org.sipdispatch.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sipdispatch.sets.LimitValues;

/**
 * Gives the places and tokens of all limits to the nodes. It does so only when each voter of the cluster has reported to
 * it, so that it knows all shares, or can have no share: all other voters have reported that they have promised it nothing
 * for the length of a lease. Not thread-safe. All times are nanoseconds of the same monotonic clock.
 */
public final class Allocator {
    /** Sends pokes to nodes. */
    public interface Poker {
        void poke(long node, SharePoke poke);
    }

    /** The calls of nodes that do not run any more. */
    public interface CallsOfOthers {
        /** The number of answered calls of a limit through nodes other than these. */
        int outside(Set<Long> nodes, String limit);
    }

    private static final int FULL_MS = 100;
    private static final long RECALL_NANOS = FULL_MS * 1_000_000L;
    /** A report is news for several of its intervals. */
    private static final long FRESH_NANOS = 500_000_000L;

    private static final long MS = 1_000_000;
    private static final long SECOND_NANOS = 1000 * MS;

    /** The free places of a limit that other nodes were asked for. */
    private record Recall(long beganNanos, Map<Long, Long> pokes) {}

    private final NodeLimits limits;
    private final long self;
    private final CallsOfOthers answered;
    private final Poker poker;
    private final Map<Long, ReportingNode> nodes = new HashMap<>();
    private final Map<String, TokenBucket> buckets = new HashMap<>();
    private final Map<String, Recall> recalls = new HashMap<>();
    private Set<Long> voters = Set.of();
    /**
     * Former voters to which a voter may have promised something just before, with the time of their removal: they use
     * their shares for a moment.
     */
    private final Map<Long, Long> removed = new HashMap<>();

    private final long leaseNanos;

    private long pokes;
    private long excessNanos;

    /**
     * Creates an allocator that knows no shares.
     *
     * @param self the number of this node in the cluster
     * @param leaseNanos the length of a membership lease
     */
    public Allocator(NodeLimits limits, long self, CallsOfOthers answered, Poker poker, long leaseNanos) {
        this.limits = limits;
        this.self = self;
        this.answered = answered;
        this.poker = poker;
        this.leaseNanos = leaseNanos;
    }

    /** Forgets all shares: this node's lease has lapsed, or the nodes have reported to another one since. */
    public void begin() {
        nodes.clear();
        buckets.clear();
        recalls.clear();
    }

    /**
     * Learns the voters of the cluster, this node included. Former ones get nothing any more.
     *
     * @param present all nodes of the cluster: a former voter among them leaves by itself, and takes no calls
     */
    public void voters(Set<Long> all, Set<Long> present, long nowNanos) {
        voters.forEach(voter -> removed.putIfAbsent(voter, nowNanos));
        removed.keySet().removeAll(all);
        removed.keySet().removeAll(present);
        // A voter that has learned of the removal a moment later has promised nothing after that.
        removed.values().removeIf(since -> nowNanos - since >= 2 * leaseNanos);
        voters = new TreeSet<>(all);
    }

    /** Processes a report; null if it is an old one, or not for this node. */
    public ShareGrant report(ShareReport report, long nowNanos) {
        if (report.allocator() != self || !voters.contains(report.node())) {
            return null;
        }
        ReportingNode node = nodes.get(report.node());
        boolean continues = node != null && node.isContinuedBy(report);
        if (node != null && !node.isNews(report)) {
            return null;
        } else if (!report.complete() && !continues) {
            return new ShareGrant(self, report.pledge(), report.number(), true, List.of());
        }
        if (node == null) {
            node = new ReportingNode();
            nodes.put(report.node(), node);
        }
        node.learn(report, nowNanos);
        report.lines().forEach(line -> giveBackTokens(line, nowNanos));
        List<GrantLine> lines = new ArrayList<>();
        if (mayAllocate(nowNanos)) {
            for (ShareLine line : report.lines()) {
                addGrant(node, line, lines, nowNanos);
            }
            pokeThoseInNeed();
        }
        return new ShareGrant(self, report.pledge(), report.number(), false, lines);
    }

    /** Whether all shares are known. Forgets nodes that can have none. */
    private boolean mayAllocate(long nowNanos) {
        removed.keySet().removeIf(node -> !mayHavePromise(node, nowNanos));
        nodes.keySet().removeIf(node -> !voters.contains(node) && !removed.containsKey(node));
        boolean complete = voters.contains(self)
                && nodes.containsKey(self)
                && nodes.keySet().containsAll(removed.keySet());
        for (long voter : voters) {
            if (isWithoutLease(voter, nowNanos)) {
                nodes.remove(voter);
            } else {
                complete &= nodes.containsKey(voter);
            }
        }
        return complete;
    }

    private boolean isWithoutLease(long node, long nowNanos) {
        ReportingNode known = nodes.get(node);
        boolean isReporting = known != null && known.hasReportedSince(nowNanos - FRESH_NANOS);
        return node != self && !isReporting && voters.size() > 1 && !mayHavePromise(node, nowNanos);
    }

    private boolean mayHavePromise(long node, long nowNanos) {
        for (long other : voters) {
            ReportingNode witness = nodes.get(other);
            if (other != node
                    && (witness == null
                            || witness.hasPromised(node)
                            || !witness.hasReportedSince(nowNanos - FRESH_NANOS))) {
                return true;
            }
        }
        return false;
    }

    private void giveBackTokens(ShareLine line, long nowNanos) {
        if (line.unusedTokens() > 0) {
            TokenBucket bucket = bucket(line.limit(), nowNanos);
            if (bucket != null) {
                bucket.giveBack(line.unusedTokens());
            }
        }
    }

    /** A bucket begins without tokens, because nodes may have used those of the last seconds. */
    private TokenBucket bucket(String limit, long nowNanos) {
        CallLimits of = limits.named(limit);
        LimitValues values = of == null ? LimitValues.NONE : of.values();
        if (values.perSecond() == 0) {
            buckets.remove(limit);
            return null;
        }
        TokenBucket bucket = buckets.computeIfAbsent(limit, unused -> TokenBucket.empty(values, nowNanos));
        bucket.resize(values);
        return bucket;
    }

    private void addGrant(ReportingNode node, ShareLine line, List<GrantLine> lines, long nowNanos) {
        CallLimits of = limits.named(line.limit());
        if (of == null) {
            return;
        }
        int places = 0;
        int fullMs = 0;
        if (line.needed() > 0 || line.wanted() > 0) {
            places = places(node, of, line);
            boolean isShort = places < line.needed() && of.values().calls() > 0;
            fullMs = isShort && !recall(of.name(), node, nowNanos) ? FULL_MS : 0;
        }
        if (fullMs > 0) {
            node.refused(of.name());
        }
        int tokens = tokens(line, nowNanos);
        if (tokens < line.neededTokens()) {
            fullMs = Math.max(fullMs, msToToken(line.limit(), nowNanos));
        }
        if (places > 0 || tokens > 0 || fullMs > 0) {
            lines.add(new GrantLine(line.limit(), places, tokens, fullMs));
        }
    }

    /** Calls that wait come first; a reserve leaves as much to each other node. */
    private int places(ReportingNode node, CallLimits of, ShareLine line) {
        int free = free(of);
        int places = Math.max(0, Math.min(line.needed(), free));
        places += Math.max(0, Math.min(line.wanted(), (free - places) / Math.max(1, voters.size())));
        if (places > 0) {
            node.grant(of.name(), places);
        }
        return places;
    }

    private int free(CallLimits of) {
        long held = answered.outside(nodes.keySet(), of.name());
        for (ReportingNode node : nodes.values()) {
            held += node.held(of.name());
        }
        return (int) Math.max(0, of.values().calls() - held);
    }

    private int tokens(ShareLine line, long nowNanos) {
        TokenBucket bucket = line.neededTokens() + line.wantedTokens() == 0 ? null : bucket(line.limit(), nowNanos);
        if (bucket == null) {
            return 0;
        }
        return bucket.take(line.neededTokens() + line.wantedTokens(), nowNanos);
    }

    private int msToToken(String limit, long nowNanos) {
        TokenBucket bucket = bucket(limit, nowNanos);
        return bucket == null ? 0 : (int) Math.min(FULL_MS, bucket.waitNanos(nowNanos) / MS + 1);
    }

    /**
     * Asks the other nodes for their free places of a limit, once in {@link #FULL_MS}.
     *
     * @return whether some may still come
     */
    private boolean recall(String limit, ReportingNode needing, long nowNanos) {
        Recall last = recalls.get(limit);
        if (last != null && nowNanos - last.beganNanos < RECALL_NANOS) {
            return isOpen(last);
        }
        Map<Long, Long> sent = new HashMap<>();
        nodes.forEach((number, node) -> {
            if (node != needing && voters.contains(number) && node.held(limit) > 0) {
                pokes++;
                sent.put(number, pokes);
                poker.poke(number, node.poke(self, pokes, List.of(limit)));
            }
        });
        recalls.put(limit, new Recall(nowNanos, sent));
        return !sent.isEmpty();
    }

    private boolean isOpen(Recall recall) {
        return recall.pokes.entrySet().stream().anyMatch(poke -> {
            ReportingNode node = nodes.get(poke.getKey());
            return node != null && !node.hasFollowed(poke.getValue());
        });
    }

    /** Nodes whose calls wait report again when there are places for them, or when no more can come. */
    private void pokeThoseInNeed() {
        Set<Long> due = new HashSet<>();
        nodes.forEach((number, node) -> {
            boolean mayReport = voters.contains(number) && !node.isPoked();
            for (String limit : mayReport ? node.needs() : List.<String>of()) {
                CallLimits of = limits.named(limit);
                Recall recall = recalls.get(limit);
                if (of != null && (free(of) > 0 || recall == null || !isOpen(recall))) {
                    due.add(number);
                }
            }
        });
        for (long number : due) {
            pokes++;
            poker.poke(number, nodes.get(number).poke(self, pokes, List.of()));
        }
    }

    /** Call this several times a second: lets nodes try again whose calls wait for others that do not answer. */
    public void tick(long nowNanos) {
        if (limits.isEmpty()) {
            return;
        }
        voters.stream().filter(voter -> !nodes.containsKey(voter)).forEach(this::wake);
        if (mayAllocate(nowNanos)) {
            recalls.values().removeIf(recall -> nowNanos - recall.beganNanos >= RECALL_NANOS);
            pokeThoseInNeed();
            takeBackExcess(nowNanos);
        }
    }

    /** A node that does not know the limits yet does not report without being asked. */
    private void wake(long node) {
        pokes++;
        poker.poke(node, new SharePoke(self, SharePoke.ANY_PLEDGE, pokes, List.of()));
    }

    /** After a limit was lowered, free places are taken back, within a second. */
    private void takeBackExcess(long nowNanos) {
        if (nowNanos - excessNanos < SECOND_NANOS) {
            return;
        }
        excessNanos = nowNanos;
        for (CallLimits of : limits.all()) {
            long held = 0;
            for (ReportingNode node : nodes.values()) {
                held += node.held(of.name());
            }
            if (held > of.values().calls() && of.values().calls() > 0) {
                recall(of.name(), null, nowNanos);
            }
        }
    }
}
