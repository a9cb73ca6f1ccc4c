package org.sipdispatch.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.sipdispatch.destination.FoundTargets;
import org.sipdispatch.destination.FoundTargets.UnknownHost;
import org.sipdispatch.sets.Target;
import org.sipdispatch.sip.SipUri;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;

/** Looks up the addresses of names (RFC 3263): by SRV if the URI has no port, then by A and AAAA. Thread-safe. */
final class DnsLookup {
    /** For names in the hosts file. */
    private static final long USUAL_TTL_MS = 60_000;

    private static final long LONGEST_TTL_MS = 24 * 3_600_000;

    private final CachingDnsLookup records;
    private final HostsFileParser hostsFile;

    /** {@code hostsFile}: contains the names that need no name server; null for none. */
    DnsLookup(CachingDnsLookup records, HostsFileParser hostsFile) {
        this.records = records;
        this.hostsFile = hostsFile;
    }

    /**
     * Finds the addresses of a host name. Never completes exceptionally.
     *
     * @param port {@link SipUri#NO_PORT} for that of the SRV records
     * @param transport {@code udp}, {@code tcp} or {@code tls}
     * @param nowMs a monotonic clock in milliseconds
     */
    CompletionStage<FoundTargets> find(String host, int port, String transport, long nowMs) {
        return CompletableFuture.completedFuture(host)
                .thenCompose(asked -> lookUp(asked, port, transport, nowMs))
                .exceptionally(
                        failure -> new FoundTargets(List.of(), host + ": " + CachingDnsLookup.description(failure), 0));
    }

    /**
     * The same for a URI without port and transport: if the name has NAPTR records, the first one of a usable transport
     * names the SRV records (RFC 3263 section 4.1).
     *
     * @param usable whether this node has sockets for a transport
     * @return targets with the transport of the record; without such a record those over UDP, without a transport
     */
    CompletionStage<FoundTargets> findByNaptr(String host, Predicate<String> usable, long nowMs) {
        return CompletableFuture.completedFuture(host)
                .thenCompose(asked -> records.ask(asked, Type.NAPTR, nowMs))
                .thenCompose(found -> byNaptr(host, found, usable, nowMs))
                .exceptionally(
                        failure -> new FoundTargets(List.of(), host + ": " + CachingDnsLookup.description(failure), 0));
    }

    private CompletionStage<FoundTargets> byNaptr(
            String host, CachingDnsLookup.RecordLookup found, Predicate<String> usable, long nowMs) {
        if (found.isUnknown() && !isInHostsFile(host)) {
            return CompletableFuture.completedFuture(new FoundTargets(List.of(), found.failure(), 0));
        }
        FoundTargets naptr = new FoundTargets(List.of(), found.failure() == null ? "" : found.failure(), ttlMs(found));
        NAPTRRecord first = found.records().stream()
                .filter(record -> record instanceof NAPTRRecord)
                .map(NAPTRRecord.class::cast)
                .filter(record -> usable.test(transport(record)))
                .min(Comparator.comparingInt(NAPTRRecord::getOrder).thenComparingInt(NAPTRRecord::getPreference))
                .orElse(null);
        if (first == null) {
            return lookUp(host, SipUri.NO_PORT, "udp", nowMs).thenApply(targets -> both(naptr, targets));
        }
        String chosen = transport(first).equals("udp") ? "" : transport(first);
        return records.ask(first.getReplacement().toString(true), Type.SRV, nowMs)
                .thenCompose(services -> addresses(services, nowMs))
                .thenApply(targets -> both(naptr, over(chosen, targets)));
    }

    /** The transport of the service that a record is for; empty for others. */
    private static String transport(NAPTRRecord record) {
        boolean isSrv = record.getFlags().equalsIgnoreCase("s");
        return switch (isSrv ? record.getService().toUpperCase(Locale.ROOT) : "") {
            case "SIP+D2U" -> "udp";
            case "SIP+D2T" -> "tcp";
            case "SIPS+D2T" -> "tls";
            default -> "";
        };
    }

    private static FoundTargets over(String transport, FoundTargets found) {
        return new FoundTargets(
                found.targets().stream().map(one -> one.over(transport)).toList(),
                found.failure(),
                found.ttlMs(),
                found.unknown());
    }

    private CompletionStage<FoundTargets> lookUp(String host, int port, String transport, long nowMs) {
        if (port != SipUri.NO_PORT) {
            return addresses(new Service(host, port, 0, 0), nowMs);
        }
        boolean isTls = transport.equals("tls");
        String service = (isTls ? "_sips._tcp." : "_sip._" + transport + ".") + host;
        return records.ask(service, Type.SRV, nowMs).thenCompose(services -> {
            if (services.isUnknown() && !isInHostsFile(host)) {
                // The SRV lookup failed, but there may be SRV records: the default port would be a guess.
                return CompletableFuture.completedFuture(new FoundTargets(List.of(), services.failure(), 0));
            }
            return services.records().isEmpty()
                    ? addresses(new Service(host, isTls ? 5061 : 5060, 0, 0), nowMs)
                    : addresses(services, nowMs);
        });
    }

    private boolean isInHostsFile(String host) {
        try {
            return hostsFile != null
                    && hostsFile
                            .getAddressForHost(Name.fromString(host, Name.root), Type.A)
                            .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** A host and port, with priority and weight of its SRV record. */
    private record Service(String host, int port, int priority, int weight) {
        static Service of(SRVRecord record) {
            return new Service(
                    record.getTarget().toString(true), record.getPort(), record.getPriority(), record.getWeight());
        }
    }

    /** Ignores the target ".", which means that the service is not offered (RFC 2782). */
    private CompletionStage<FoundTargets> addresses(CachingDnsLookup.RecordLookup services, long nowMs) {
        String failure = services.failure() == null ? "" : services.failure();
        CompletionStage<FoundTargets> all =
                CompletableFuture.completedFuture(new FoundTargets(List.of(), failure, ttlMs(services)));
        for (Record record : services.records()) {
            if (record instanceof SRVRecord service && !service.getTarget().equals(Name.root)) {
                all = all.thenCombine(addresses(Service.of(service), nowMs), DnsLookup::both);
            }
        }
        return all;
    }

    private CompletionStage<FoundTargets> addresses(Service service, long nowMs) {
        // A name in the hosts file does not need the name servers.
        boolean isLocal = isInHostsFile(service.host());
        return records.ask(service.host(), Type.A, nowMs)
                .thenCombine(
                        records.ask(service.host(), Type.AAAA, nowMs),
                        (ipv4, ipv6) ->
                                both(found(service, ipv4, true, isLocal), found(service, ipv6, false, isLocal)));
    }

    private static FoundTargets found(
            Service service, CachingDnsLookup.RecordLookup lookup, boolean ipv4, boolean isLocal) {
        List<Target> targets = lookup.records().stream()
                .map(DnsLookup::address)
                .filter(address -> address != null)
                .map(address -> new Target(
                        new InetSocketAddress(address, service.port()),
                        service.host(),
                        service.priority(),
                        service.weight()))
                .toList();
        String failure = isLocal || lookup.failure() == null ? "" : lookup.failure();
        List<UnknownHost> unknown = isLocal || !lookup.isUnknown()
                ? List.of()
                : List.of(new UnknownHost(service.host(), service.port(), ipv4));
        return new FoundTargets(targets, failure, isLocal ? USUAL_TTL_MS : ttlMs(lookup), unknown);
    }

    private static long ttlMs(CachingDnsLookup.RecordLookup lookup) {
        return Math.min(LONGEST_TTL_MS, lookup.ttl(LONGEST_TTL_MS / 1000) * 1000);
    }

    private static FoundTargets both(FoundTargets one, FoundTargets other) {
        List<Target> all =
                Stream.concat(one.targets().stream(), other.targets().stream()).toList();
        List<UnknownHost> unknown =
                Stream.concat(one.unknown().stream(), other.unknown().stream()).toList();
        String failure = one.failure().isEmpty() ? other.failure() : one.failure();
        return new FoundTargets(all, failure, Math.min(one.ttlMs(), other.ttlMs()), unknown);
    }

    private static InetAddress address(Record record) {
        try {
            byte[] bytes = record instanceof ARecord a
                    ? a.getAddress().getAddress()
                    : record instanceof AAAARecord aaaa ? aaaa.getAddress().getAddress() : null;
            // Created without a host name, so that equal addresses are equal hops.
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
