package org.sipdispatch.transport;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.sipdispatch.proxy.HostResolver;
import org.sipdispatch.sets.IpVersionPreference;

/** The addresses of a name, in an order that is drawn again for each request. Immutable. */
final class DnsTargets {
    static final DnsTargets NONE = new DnsTargets(List.of());
    /** The lookup failed, so that it is not known whether there are addresses. */
    static final DnsTargets UNKNOWN = new DnsTargets(List.of());

    /**
     * One host: the target of an SRV record, or the name itself.
     *
     * @param priority the priority of the SRV record, smaller first
     * @param weight the weight of the SRV record, 0 to 65535
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
         * Consecutive draws begin with each address equally often. That also holds if a lane without a socket of one
         * family skips its addresses, because each family is rotated separately.
         */
        private void addRotatedByFamily(long draw, IpVersionPreference versions, List<InetSocketAddress> order) {
            boolean ipv4First = versions == IpVersionPreference.ANY
                    ? Math.floorMod(draw, size()) < ipv4.size()
                    : versions == IpVersionPreference.IPV4_FIRST;
            if (ipv4First) {
                addRotated(ipv4, draw, order);
            }
            if (versions.usesIpv6()) {
                addRotated(ipv6, draw, order);
            }
            if (!ipv4First && versions.usesIpv4()) {
                addRotated(ipv4, draw, order);
            }
        }

        private static void addRotated(List<InetSocketAddress> addresses, long draw, List<InetSocketAddress> order) {
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
        only = addresses > 1 ? null : drawn(0, IpVersionPreference.ANY);
    }

    /** Targets without an address are omitted. */
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
     * All addresses in the order in which to try them: targets by priority, targets of equal priority drawn by weight
     * (RFC 2782), and the addresses of each target rotated.
     *
     * @param draw the seed of the order; the same number gives the same order
     * @param versions which addresses of each target, and in which order
     */
    List<InetSocketAddress> order(long draw, IpVersionPreference versions) {
        if (this == UNKNOWN) {
            return HostResolver.NO_ANSWER;
        }
        return only == null || versions != IpVersionPreference.ANY ? drawn(draw, versions) : only;
    }

    private List<InetSocketAddress> drawn(long draw, IpVersionPreference versions) {
        List<InetSocketAddress> order = new ArrayList<>();
        long random = mix(draw);
        for (List<Target> equals : byPriority) {
            List<Target> left = new ArrayList<>(equals);
            while (!left.isEmpty()) {
                random = mix(random);
                left.remove(drawn(left, random)).addRotatedByFamily(draw, versions, order);
            }
        }
        return order;
    }

    /**
     * The index of the next target. As in RFC 2782, targets of weight 0 come first; a number from 0 to the sum of the
     * weights, both inclusive, selects the first target whose running sum is not less than it.
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

    /** Spreads consecutive numbers over all numbers (the finalizer of SplitMix64). */
    private static long mix(long number) {
        long z = number + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
