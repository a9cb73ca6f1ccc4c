package org.sipdispatch.transport;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.sipdispatch.proxy.Resolver;

/** Where a name leads to, in an order that is drawn anew for each request. Immutable. */
final class DnsTargets {
    static final DnsTargets NONE = new DnsTargets(List.of());
    /** It is not known whether there are any, since no name server answered. */
    static final DnsTargets UNKNOWN = new DnsTargets(List.of());

    /**
     * One host: that of an SRV record, or the name itself.
     *
     * @param priority of the SRV record, smaller first
     * @param weight of the SRV record, 0 to 65535
     */
    record Target(int priority, int weight, List<InetSocketAddress> ipv4, List<InetSocketAddress> ipv6) {
        static Target of(int priority, int weight, Collection<InetSocketAddress> addresses) {
            return new Target(
                    priority,
                    weight,
                    addresses.stream().filter(Target::isIpv4).toList(),
                    addresses.stream().filter(address -> !isIpv4(address)).toList());
        }

        private static boolean isIpv4(InetSocketAddress address) {
            return address.getAddress() instanceof Inet4Address;
        }

        private int size() {
            return ipv4.size() + ipv6.size();
        }

        /**
         * Numbers in a row begin with each address equally often, and also if the addresses of one family are left out
         * by those that have no socket for it: each family turns by itself.
         */
        private void addInTurn(long draw, List<InetSocketAddress> order) {
            boolean ipv4First = Math.floorMod(draw, size()) < ipv4.size();
            turned(ipv4First ? ipv4 : ipv6, draw, order);
            turned(ipv4First ? ipv6 : ipv4, draw, order);
        }

        private static void turned(List<InetSocketAddress> addresses, long draw, List<InetSocketAddress> order) {
            for (int i = 0; i < addresses.size(); i++) {
                order.add(addresses.get((int) Math.floorMod(draw + i, (long) addresses.size())));
            }
        }
    }

    private final List<List<Target>> byPriority;
    private final List<InetSocketAddress> only;

    private DnsTargets(List<List<Target>> byPriority) {
        this.byPriority = byPriority;
        int addresses =
                byPriority.stream().flatMap(List::stream).mapToInt(Target::size).sum();
        only = addresses > 1 ? null : drawn(0);
    }

    /** Targets without an address are left out. */
    static DnsTargets of(Collection<Target> targets) {
        TreeMap<Integer, List<Target>> byPriority = new TreeMap<>();
        targets.stream()
                .filter(target -> target.size() > 0)
                .sorted(Comparator.comparing(target -> target.weight() > 0))
                .forEach(target -> byPriority
                        .computeIfAbsent(target.priority(), unused -> new ArrayList<>())
                        .add(target));
        return new DnsTargets(List.copyOf(byPriority.values()));
    }

    boolean isEmpty() {
        return byPriority.isEmpty();
    }

    /**
     * All addresses, those to be tried first in front: targets by their priority, those of one priority drawn by their
     * weights (RFC 2782), and the addresses of each in turn.
     *
     * @param draw what chance follows from; the same number draws the same order
     */
    List<InetSocketAddress> order(long draw) {
        if (this == UNKNOWN) {
            return Resolver.NO_ANSWER;
        }
        return only == null ? drawn(draw) : only;
    }

    private List<InetSocketAddress> drawn(long draw) {
        List<InetSocketAddress> order = new ArrayList<>();
        long random = mixed(draw);
        for (List<Target> equals : byPriority) {
            List<Target> left = new ArrayList<>(equals);
            while (!left.isEmpty()) {
                random = mixed(random);
                left.remove(drawn(left, random)).addInTurn(draw, order);
            }
        }
        return order;
    }

    /**
     * The place of the next one. As RFC 2782 has it: those of weight 0 stand in front, and a number from 0 to the sum
     * of the weights, both included, falls to the first one whose running sum is not below it.
     */
    private static int drawn(List<Target> left, long random) {
        int sum = left.stream().mapToInt(Target::weight).sum();
        if (sum == 0) {
            return Math.floorMod(random, left.size());
        }
        int number = Math.floorMod(random, sum + 1);
        int place = 0;
        int running = left.get(0).weight();
        while (running < number) {
            place++;
            running += left.get(place).weight();
        }
        return place;
    }

    /** Spreads neighbouring numbers over all numbers (the finalizer of SplitMix64). */
    private static long mixed(long number) {
        long z = number + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
