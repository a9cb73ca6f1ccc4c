package org.sipdispatch.e2e;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.sip.SipRequest;

/** Destinations that accept every call, and record the source and time of each ping. */
final class WatchedDestinations implements AutoCloseable {
    /** A received ping. */
    record Pinged(int destination, String by, long atNs) {}

    /** A received call, with the time of its first INVITE. */
    record Invited(int destination, String by, String callId, long atNs) {}

    private final List<AnsweringAgent> agents = new ArrayList<>();
    private final Queue<Pinged> pings = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> invites = new ConcurrentHashMap<>();
    private final Map<String, Invited> calls = new ConcurrentHashMap<>();
    private final Set<Integer> silent = ConcurrentHashMap.newKeySet();

    /** One destination at each address, each on its own port. */
    WatchedDestinations(List<String> hosts) {
        for (int i = 0; i < hosts.size(); i++) {
            int number = i;
            agents.add(AnsweringAgent.start(hosts.get(i), "d" + i, (request, from) -> came(number, request, from)));
        }
    }

    private boolean came(int destination, SipRequest request, InetSocketAddress from) {
        if (request.isMethod("OPTIONS")) {
            pings.add(new Pinged(destination, from.getAddress().getHostAddress(), System.nanoTime()));
        } else if (request.isMethod("INVITE")) {
            invites.merge(destination, 1, Integer::sum);
            String call = SipText.callId(request);
            calls.putIfAbsent(
                    destination + " " + call,
                    new Invited(destination, from.getAddress().getHostAddress(), call, System.nanoTime()));
        }
        return !silent.contains(destination);
    }

    int size() {
        return agents.size();
    }

    String uri(int destination) {
        return "sip:" + SipText.hostPort(agents.get(destination).address());
    }

    /** The id of a destination in set 1. */
    String id(int destination) {
        return "default:1:" + uri(destination);
    }

    /** The rows of a table with {@code setid, destination}. */
    List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < agents.size(); i++) {
            rows.add("1, '" + uri(i) + "'");
        }
        return rows;
    }

    /** Makes a destination stop answering. */
    void fallSilent(int destination) {
        silent.add(destination);
    }

    /** The number of calls at a destination. */
    int invites(int destination) {
        return invites.getOrDefault(destination, 0);
    }

    /** All calls, each once per destination. */
    List<Invited> calls() {
        return List.copyOf(calls.values());
    }

    List<Pinged> pings(long fromNs, long toNs) {
        return pings.stream()
                .filter(ping -> ping.atNs() >= fromNs && ping.atNs() < toNs)
                .toList();
    }

    /** The time of the first ping of that node at each destination since then. */
    Map<Integer, Long> firstPings(String by, long sinceNs) {
        Map<Integer, Long> first = new TreeMap<>();
        pings.stream()
                .filter(ping -> ping.atNs() >= sinceNs && ping.by().equals(by))
                .forEach(ping -> first.merge(ping.destination(), ping.atNs(), Math::min));
        return first;
    }

    /** The nodes that pinged each destination in that period. */
    Map<Integer, Set<String>> probers(long fromNs, long toNs) {
        Map<Integer, Set<String>> probers = new TreeMap<>();
        pings(fromNs, toNs)
                .forEach(ping -> probers.computeIfAbsent(ping.destination(), unused -> new TreeSet<>())
                        .add(ping.by()));
        return probers;
    }

    /**
     * The number of pings in that period that arrived within half an interval of a second after a ping of another node.
     */
    int doubles(long fromNs, long toNs) {
        Map<Integer, Pinged> last = new TreeMap<>();
        int doubles = 0;
        for (Pinged ping : pings(fromNs, toNs)) {
            Pinged before = last.put(ping.destination(), ping);
            boolean another = before != null && !before.by().equals(ping.by());
            doubles += another && ping.atNs() - before.atNs() < 500_000_000 ? 1 : 0;
        }
        return doubles;
    }

    /** The longest time without a ping of any destination in that period. */
    long longestGapNs(long fromNs, long toNs) {
        Map<Integer, Long> last = new TreeMap<>();
        long longest = 0;
        for (Pinged ping : pings(fromNs, toNs)) {
            Long before = last.put(ping.destination(), ping.atNs());
            longest = Math.max(longest, ping.atNs() - (before == null ? fromNs : before));
        }
        for (long atNs : last.values()) {
            longest = Math.max(longest, toNs - atNs);
        }
        return longest;
    }

    @Override
    public void close() {
        agents.forEach(AnsweringAgent::close);
    }
}
