package org.sipdispatch.sets;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The addresses of a name, in an order that is drawn again for each request. Immutable. */
public final class TargetAddresses {
    /** The addresses of one SRV record, or of the name itself. */
    private record Host(int weight, List<InetSocketAddress> ipv4, List<InetSocketAddress> ipv6) {
        static Host of(List<Target> addresses) {
            return new Host(
                    addresses.get(0).weight(),
                    addresses.stream()
                            .filter(Target::isIpv4)
                            .map(Target::address)
                            .toList(),
                    addresses.stream()
                            .filter(one -> !one.isIpv4())
                            .map(Target::address)
                            .toList());
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

    /** What the targets of one host have in common; a host may have several SRV records. */
    private record Service(int priority, int weight, String host, int port) {
        static Service of(Target target) {
            return new Service(
                    target.priority(),
                    target.weight(),
                    target.host(),
                    target.address().getPort());
        }
    }

    private final List<List<Host>> byPriority;
    private final List<InetSocketAddress> only;
    private final List<InetSocketAddress> all;
    private final String transport;

    private TargetAddresses(List<List<Host>> byPriority, List<InetSocketAddress> all, String transport) {
        this.byPriority = byPriority;
        this.all = all;
        this.transport = transport;
        int addresses =
                byPriority.stream().flatMap(List::stream).mapToInt(Host::size).sum();
        only = addresses > 1 ? null : drawn(0, IpVersionPreference.ANY);
    }

    public static TargetAddresses of(Collection<Target> targets) {
        return of(targets, targets);
    }

    /**
     * The addresses of those targets that requests are sent to.
     *
     * @param all also those that no requests are sent to now
     */
    public static TargetAddresses of(Collection<Target> targets, Collection<Target> all) {
        Map<Service, List<Target>> byService = new LinkedHashMap<>();
        targets.stream()
                .sorted(Target.ORDER)
                .forEach(target -> byService
                        .computeIfAbsent(Service.of(target), unused -> new ArrayList<>())
                        .add(target));
        TreeMap<Integer, List<Host>> byPriority = new TreeMap<>();
        byService.forEach((service, addresses) -> byPriority
                .computeIfAbsent(service.priority(), unused -> new ArrayList<>())
                .add(Host.of(addresses)));
        // As in RFC 2782, those of weight 0 come first.
        byPriority.values().forEach(equals -> equals.sort(Comparator.comparing(host -> host.weight() > 0)));
        return new TargetAddresses(
                List.copyOf(byPriority.values()),
                all.stream().map(Target::address).toList(),
                all.stream().map(Target::transport).findFirst().orElse(""));
    }

    /** Whether both have the same order for each draw. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TargetAddresses addresses
                && byPriority.equals(addresses.byPriority)
                && all.equals(addresses.all)
                && transport.equals(addresses.transport);
    }

    @Override
    public int hashCode() {
        return Objects.hash(byPriority, all, transport);
    }

    /** The transport that a NAPTR record has chosen; empty for that of the URI. */
    public String transport() {
        return transport;
    }

    /** The name of the target with this address. */
    public String name(InetSocketAddress address) {
        return Target.name(address, transport);
    }

    /** All addresses of the name, also those that no requests are sent to now. */
    public List<InetSocketAddress> all() {
        return all;
    }

    public boolean isEmpty() {
        return byPriority.isEmpty();
    }

    /**
     * All addresses in the order in which to try them: hosts by priority, those of equal priority drawn by weight (RFC
     * 2782), and the addresses of each host rotated.
     *
     * @param draw the seed of the order; the same number gives the same order
     * @param versions which addresses of each host, and in which order
     */
    public List<InetSocketAddress> order(long draw, IpVersionPreference versions) {
        return only == null || versions != IpVersionPreference.ANY ? drawn(draw, versions) : only;
    }

    private List<InetSocketAddress> drawn(long draw, IpVersionPreference versions) {
        List<InetSocketAddress> order = new ArrayList<>();
        long random = SplitMix64.mix(draw);
        for (List<Host> equals : byPriority) {
            List<Host> left = new ArrayList<>(equals);
            while (!left.isEmpty()) {
                random = SplitMix64.mix(random);
                left.remove(drawn(left, random)).addRotatedByFamily(draw, versions, order);
            }
        }
        return order;
    }

    /**
     * The index of the next host. A number from 1 to the sum of the weights selects the first one whose running sum
     * reaches it, so that the shares are exactly those of the weights; 0, which is possible only if there are hosts of
     * weight 0, selects one of these.
     */
    private static int drawn(List<Host> left, long random) {
        int sum = left.stream().mapToInt(Host::weight).sum();
        int weightless = (int) left.stream().filter(host -> host.weight() == 0).count();
        int number = weightless == 0 ? 1 + Math.floorMod(random, sum) : Math.floorMod(random, sum + 1);
        if (number == 0) {
            return Math.floorMod(random >>> 32, weightless);
        }
        int place = weightless;
        int running = left.get(place).weight();
        while (running < number) {
            place++;
            running += left.get(place).weight();
        }
        return place;
    }
}
