package org.sipdispatch.limits;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the allocator knows of a node that reports to it. Not thread-safe. */
final class ReportingNode {
    private final Map<String, Integer> held = new HashMap<>();
    private final Map<String, Integer> granted = new HashMap<>();
    private final Map<String, Integer> needed = new HashMap<>();
    private long pledge;
    private long number;
    private long poke;
    /** Whether it was poked since its last report. */
    private boolean poked;

    private long reportedNanos;
    private List<Long> promised = List.of();

    /** Whether a report is newer than the last one. */
    boolean isNews(ShareReport report) {
        return report.pledge() > pledge || report.pledge() == pledge && report.number() > number;
    }

    /** Whether a report that is not complete continues the last one. */
    boolean isContinuedBy(ShareReport report) {
        return report.pledge() == pledge;
    }

    /** The answers to earlier reports are void: the node has not applied them, or this report contains them. */
    void learn(ShareReport report, long nowNanos) {
        if (report.complete()) {
            held.clear();
        }
        pledge = report.pledge();
        number = report.number();
        poke = report.poke();
        poked = false;
        reportedNanos = nowNanos;
        promised = report.promised();
        granted.clear();
        needed.clear();
        for (ShareLine line : report.lines()) {
            held.put(line.limit(), line.held());
            if (line.needed() > 0) {
                needed.put(line.limit(), line.needed());
            }
        }
        held.values().removeIf(places -> places == 0);
    }

    /** The places that it has, or will have when it receives the answer. */
    int held(String limit) {
        return held.getOrDefault(limit, 0) + granted.getOrDefault(limit, 0);
    }

    void grant(String limit, int places) {
        granted.merge(limit, places, Integer::sum);
        needed.merge(limit, -places, Integer::sum);
    }

    /** Its calls do not wait for a place any more. */
    void refused(String limit) {
        needed.remove(limit);
    }

    /** The limits of which calls wait for a place. */
    List<String> needs() {
        return needed.entrySet().stream()
                .filter(one -> one.getValue() > 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean hasPromised(long node) {
        return promised.contains(node);
    }

    boolean hasReportedSince(long nanos) {
        return reportedNanos - nanos >= 0;
    }

    /** A new poke for this node; the node has followed it when {@link #hasFollowed} says so. */
    SharePoke poke(long allocator, long pokeNumber, List<String> giveBack) {
        poked = true;
        return new SharePoke(allocator, pledge, pokeNumber, giveBack);
    }

    /** Whether its last report follows this poke or a later one. */
    boolean hasFollowed(long pokeNumber) {
        return poke >= pokeNumber;
    }

    boolean isPoked() {
        return poked;
    }
}
