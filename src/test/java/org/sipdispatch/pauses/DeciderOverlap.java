package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Periods in which two nodes ping the same destination, so both decide about it. A node counts from its first ping to
 * the last ping that is followed by two intervals of silence. When one node follows another, both may ping for less
 * than one interval. Destinations that answer every ping cause no pings by other nodes.
 */
public final class DeciderOverlap {
    private static final double SILENCE = 2;
    /** The accepted deviation of a node's pings from the interval. */
    private static final long UNEVEN_NS = 100_000_000L;

    /** A received ping; {@code atNs} as of {@link System#nanoTime}. */
    public record PingSeen(String destination, int node, long atNs) {}

    /**
     * A period in which two nodes pinged the destination.
     *
     * @param within how long the first of them had pinged before and after that period, whichever is less, if only the
     *     other one's pings are in it; 0 if one node followed the other
     */
    public record Overlap(String destination, int one, int other, long fromNs, long toNs, long within) {
        /** A single ping has no length. */
        public long lengthNs() {
            return toNs - fromNs;
        }

        /** Whether this is more than one node following another. */
        public boolean isTooLong(long intervalNs) {
            return Math.max(lengthNs(), within) > intervalNs + UNEVEN_NS;
        }
    }

    private record Span(int node, long fromNs, long toNs) {}

    private DeciderOverlap() {}

    /**
     * All pings but those that a node sent right after it had resumed: it had decided to send them before it was stopped.
     */
    public static List<PingSeen> decided(Collection<PingSeen> pings, Collection<Pause> pauses) {
        return pings.stream()
                .filter(ping -> pauses.stream()
                        .noneMatch(pause -> pause.node() == ping.node()
                                && ping.atNs() >= pause.toNs()
                                && ping.atNs() - pause.toNs() < HeldInvites.RESUMED_NS))
                .toList();
    }

    /** All overlaps, in no order. */
    public static List<Overlap> of(Collection<PingSeen> pings, long intervalNs) {
        List<Overlap> all = new ArrayList<>();
        Map<String, List<PingSeen>> byDestination =
                pings.stream().collect(Collectors.groupingBy(PingSeen::destination, TreeMap::new, Collectors.toList()));
        byDestination.forEach((destination, own) -> {
            List<Span> spans = spans(own, intervalNs);
            for (int i = 0; i < spans.size(); i++) {
                for (Span other : spans.subList(i + 1, spans.size())) {
                    add(all, destination, spans.get(i), other);
                }
            }
        });
        return all;
    }

    private static void add(List<Overlap> all, String destination, Span one, Span other) {
        long from = Math.max(one.fromNs(), other.fromNs());
        long to = Math.min(one.toNs(), other.toNs());
        if (one.node() != other.node() && to >= from) {
            long within = Math.max(within(one, other), within(other, one));
            all.add(new Overlap(destination, one.node(), other.node(), from, to, within));
        }
    }

    /** How far the inner span is from both ends of the outer one; 0 if it is not inside. */
    private static long within(Span inner, Span outer) {
        return Math.max(0, Math.min(inner.fromNs() - outer.fromNs(), outer.toNs() - inner.toNs()));
    }

    private static List<Span> spans(List<PingSeen> pings, long intervalNs) {
        List<Span> spans = new ArrayList<>();
        Map<Integer, List<PingSeen>> byNode = pings.stream()
                .sorted(Comparator.comparingLong(PingSeen::atNs))
                .collect(Collectors.groupingBy(PingSeen::node, TreeMap::new, Collectors.toList()));
        byNode.forEach((node, own) -> {
            long from = own.get(0).atNs();
            long last = from;
            for (PingSeen ping : own) {
                if (ping.atNs() - last > SILENCE * intervalNs) {
                    spans.add(new Span(node, from, last));
                    from = ping.atNs();
                }
                last = ping.atNs();
            }
            spans.add(new Span(node, from, last));
        });
        return spans;
    }
}
