package org.sipdispatch.e2e;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.sipdispatch.agents.ProbedAgent.Seen;

/** Statistics of the pings in a period, in one list for all destinations. */
final class PingCount {
    private final double intervalMs;
    private final long fromNanos;
    private final long toNanos;
    private final Set<String> lasting;
    private final Map<String, List<Seen>> byUri = new HashMap<>();
    private final int[] perSecond;
    private int count;

    /** {@code uris}: those that were destinations for the whole period. */
    PingCount(List<Seen> pings, List<String> uris, double intervalMs, long fromNanos, long toNanos) {
        lasting = Set.copyOf(uris);
        this.intervalMs = intervalMs;
        this.fromNanos = fromNanos;
        this.toNanos = toNanos;
        perSecond = new int[(int) ((toNanos - fromNanos) / 1_000_000_000)];
        uris.forEach(uri -> byUri.put(uri, new ArrayList<>()));
        pings.stream()
                .filter(ping -> ping.atNanos() >= fromNanos && ping.atNanos() < toNanos)
                .forEach(this::add);
    }

    private void add(Seen ping) {
        byUri.computeIfAbsent(ping.uri(), unused -> new ArrayList<>()).add(ping);
        count++;
        int second = (int) ((ping.atNanos() - fromNanos) / 1_000_000_000);
        if (second < perSecond.length) {
            perSecond[second]++;
        }
    }

    /** The destinations that several nodes have pinged. */
    List<String> withSeveralProbers() {
        return byUri.keySet().stream().filter(uri -> hosts(uri).size() > 1).toList();
    }

    private Set<String> hosts(String uri) {
        Set<String> hosts = new HashSet<>();
        byUri.get(uri).forEach(ping -> hosts.add(ping.host()));
        return hosts;
    }

    /** The number of pings within half an interval of the previous one. */
    int doubles() {
        return (int) gaps(false).stream().filter(gap -> gap < 0.5).count();
    }

    double shortestGap() {
        return gaps(false).stream().min(Double::compare).orElse(Double.NaN);
    }

    /** The longest gap in intervals, including the time before the first ping and after the last one. */
    double longestGap() {
        return gaps(true).stream().max(Double::compare).orElseThrow();
    }

    private List<Double> gaps(boolean edges) {
        List<Double> gaps = new ArrayList<>();
        for (Map.Entry<String, List<Seen>> one : byUri.entrySet()) {
            List<Seen> pings = one.getValue();
            boolean whole = edges && lasting.contains(one.getKey());
            long before = fromNanos;
            for (int i = 0; i < pings.size(); i++) {
                if (i > 0 || whole) {
                    gaps.add(intervals(before, pings.get(i).atNanos()));
                }
                before = pings.get(i).atNanos();
            }
            if (whole) {
                gaps.add(intervals(before, toNanos));
            }
        }
        return gaps;
    }

    private double intervals(long from, long to) {
        return (to - from) / 1e6 / intervalMs;
    }

    double perSecond() {
        return byUri.size() * 1000 / intervalMs;
    }

    int fullestSecond() {
        int most = 0;
        for (int pings : perSecond) {
            most = Math.max(most, pings);
        }
        return most;
    }

    private int emptiestSecond() {
        int least = Integer.MAX_VALUE;
        for (int pings : perSecond) {
            least = Math.min(least, pings);
        }
        return least;
    }

    /** The number of destinations that each node pinged. */
    Map<String, Integer> destinationsByNode() {
        Map<String, Integer> byNode = new TreeMap<>();
        byUri.keySet().forEach(uri -> hosts(uri).forEach(host -> byNode.merge(host, 1, Integer::sum)));
        return byNode;
    }

    @Override
    public String toString() {
        return ("%d pings to %d destinations in %d s, interval %.0f ms: %d destinations with more than one prober, "
                        + "%d doubles, gaps %.3f to %.3f intervals, per second %d to %d (mean %.1f), destinations by node %s")
                .formatted(
                        count,
                        byUri.size(),
                        perSecond.length,
                        intervalMs,
                        withSeveralProbers().size(),
                        doubles(),
                        shortestGap(),
                        longestGap(),
                        emptiestSecond(),
                        fullestSecond(),
                        perSecond(),
                        destinationsByNode());
    }
}
