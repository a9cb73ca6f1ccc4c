package org.sipdispatch.transport;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.sipdispatch.destination.FoundTargets;
import org.sipdispatch.destination.TargetFinder;
import org.sipdispatch.sets.Attrs;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.Target;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;

/**
 * Finds the targets of destinations. Answers are not cached, because their times to live would begin again: each search
 * asks the name servers. Few searches are made at a time; the others wait. Thread-safe.
 */
public final class TargetLookups implements TargetFinder {
    private static final int MOST_OPEN = 50;
    private static final long SHORTEST_TTL_MS = 1_000;
    /** {@code naptr=1} in the attributes of a destination: NAPTR records may choose another transport than UDP. */
    private static final String NAPTR = "naptr";
    /** The delay before the next attempt after a failure, and for a name without addresses. */
    private static final long RETRY_MS = 5_000;

    private final DnsLookup lookup;
    private final ListenSockets sockets;
    private final IpVersionPreference versions;
    private final LongSupplier nowMs;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int open;

    /** Resolves as the host is configured: its hosts file first, then its name servers. */
    public TargetLookups(TrafficSetup setup) {
        this(setup, new HostsFileParser());
    }

    private TargetLookups(TrafficSetup setup, HostsFileParser hostsFile) {
        this(
                new DnsLookup(
                        CachingDnsLookup.ofHost(
                                uncached(hostsFile), setup.transport().dnsMaxStale()),
                        hostsFile),
                setup.sockets(),
                setup.transport().ipVersions(),
                LaneInlet::monotonicMs);
    }

    /**
     * Uses the given lookup, which must not cache.
     *
     * @param sockets those of this node: an address that none can send to is no target
     * @param versions the addresses of destinations that say nothing else
     */
    TargetLookups(DnsLookup lookup, ListenSockets sockets, IpVersionPreference versions, LongSupplier nowMs) {
        this.lookup = lookup;
        this.sockets = sockets;
        this.versions = versions;
        this.nowMs = nowMs;
    }

    private static LookupSession uncached(HostsFileParser hostsFile) {
        return LookupSession.defaultBuilder()
                .hostsFileParser(hostsFile)
                .clearCaches()
                .build();
    }

    @Override
    public void find(Destination destination, Consumer<FoundTargets> then) {
        Runnable search = () -> search(destination, then);
        synchronized (waiting) {
            if (open == MOST_OPEN) {
                waiting.add(search);
                return;
            }
            open++;
        }
        search.run();
    }

    private void search(Destination destination, Consumer<FoundTargets> then) {
        SipUri uri = destination.trafficUri();
        String host = uri.host().toLowerCase(Locale.ROOT);
        long now = nowMs.getAsLong();
        boolean byNaptr = "1".equals(Attrs.value(destination.attrs(), NAPTR))
                && uri.port() == SipUri.NO_PORT
                && uri.transport().equals("udp")
                && uri.parameterText("transport") == null;
        (byNaptr ? lookup.findByNaptr(host, this::hasSocket, now) : lookup.find(host, uri.port(), uri.transport(), now))
                .whenCompleteAsync((found, failure) -> {
                    startNext();
                    List<Target> usable = found.targets().stream()
                            .filter(target -> isUsable(destination, target))
                            .toList();
                    then.accept(new FoundTargets(usable, found.failure(), ttlMs(found), found.unknown()));
                });
    }

    private boolean hasSocket(String transport) {
        return sockets.all().stream().anyMatch(one -> one.protocol().text().equals(transport));
    }

    /** Whether this node can send to it; otherwise it would never fail, and never work. */
    private boolean isUsable(Destination destination, Target target) {
        IpVersionPreference own = IpVersionPreference.ofAttrs(destination.attrs());
        IpVersionPreference wanted = own == null ? versions : own;
        InetAddress address = target.address().getAddress();
        ListenSocket preferred = destination.socket() == null ? null : sockets.serving(destination.socket());
        Protocol protocol = Protocol.of(
                target.transport().isEmpty() ? destination.trafficUri().transport() : target.transport());
        return (address instanceof Inet4Address ? wanted.usesIpv4() : wanted.usesIpv6())
                && sockets.toward(protocol, address, preferred) != null;
    }

    private void startNext() {
        Runnable next;
        synchronized (waiting) {
            next = waiting.poll();
            open -= next == null ? 1 : 0;
        }
        if (next != null) {
            next.run();
        }
    }

    private static long ttlMs(FoundTargets found) {
        boolean isGood = found.failure().isEmpty() && !found.targets().isEmpty();
        return isGood ? Math.max(SHORTEST_TTL_MS, found.ttlMs()) : RETRY_MS;
    }
}
