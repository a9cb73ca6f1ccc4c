package org.sipdispatch.transport;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sip.SipUri;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;

/**
 * Resolves names to addresses (RFC 3263): SRV if the URI has no port, then A and AAAA. Answers are cached; the last
 * good answer is used while a new one is fetched and when that fails. Shared between lanes; thread-safe.
 */
final class DnsResolver {
    private static final Logger LOG = LoggerFactory.getLogger(DnsResolver.class);
    private static final int MOST_NAMES = 10_000;
    /** Longer than two lookups take, so that a failure is cached for some time. */
    private static final long RETRY_MS = 5_000;

    private static final long WARN_EVERY_MS = 1_000;
    /** The number of concurrent lookups; further names have no address until one of them has completed. */
    private static final int MOST_OPEN = 200;
    /** The number of requests that wait for the same name. */
    private static final int MOST_WAITING = 1_000;

    private record Lookup(String host, int port, String transport) {}

    /** {@code failure}: why a lookup failed, in which case the targets may be old or empty; null if it succeeded. */
    private record ResolvedTargets(DnsTargets targets, String failure) {
        /** The targets, with a failed lookup distinguished from a name without addresses. */
        DnsTargets targetsOrUnknown() {
            return failure != null && targets.isEmpty() ? DnsTargets.UNKNOWN : targets;
        }
    }

    private record Host(List<InetSocketAddress> addresses, String failure) {}

    private static final class CacheEntry {
        private volatile DnsTargets targets = DnsTargets.UNKNOWN;
        private volatile long foundAtMs;
        private volatile long askAgainAtMs;
        private CompletableFuture<DnsTargets> pending;
        private int waiting;
    }

    private final CachingDnsLookup records;
    private final HostsFileParser hostsFile;
    private final Cache<Lookup, CacheEntry> answers =
            Caffeine.newBuilder().maximumSize(MOST_NAMES).build();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong warnAgainAtMs = new AtomicLong(Long.MIN_VALUE);
    private final long salt = new SecureRandom().nextLong();
    private final long ttlMs;
    private final long longestMs;

    /**
     * Uses the host's configuration: hosts file, then name servers.
     *
     * @param ttl how long an answer is used
     * @param maxStale how much longer the last answer is used while the name servers do not answer
     */
    DnsResolver(Duration ttl, Duration maxStale) {
        this(ttl, maxStale, new HostsFileParser());
    }

    private DnsResolver(Duration ttl, Duration maxStale, HostsFileParser hostsFile) {
        this(
                ttl,
                maxStale,
                LookupSession.defaultBuilder().hostsFileParser(hostsFile).build(),
                hostsFile);
    }

    /** Uses the given session; {@code hostsFile} contains the names that need no name server; null for none. */
    DnsResolver(Duration ttl, Duration maxStale, LookupSession session, HostsFileParser hostsFile) {
        ttlMs = ttl.toMillis();
        longestMs = ttl.plus(maxStale).toMillis();
        records = new CachingDnsLookup(session, ttl.plus(maxStale));
        this.hostsFile = hostsFile;
    }

    /** Whether a lookup is pending. */
    boolean isAsking() {
        return open.get() > 0;
    }

    /**
     * Resolves a URI to addresses, in an order that depends on {@code draw}: see {@link DnsTargets#order}.
     *
     * @param now receives the addresses before this method returns, if they are known
     * @param later otherwise receives the addresses, on another thread
     */
    void resolve(
            SipUri uri,
            long draw,
            IpVersionPreference versions,
            long nowMs,
            Consumer<List<InetSocketAddress>> now,
            Consumer<List<InetSocketAddress>> later) {
        Lookup question = new Lookup(uri.host().toLowerCase(Locale.ROOT), uri.port(), uri.transport());
        CacheEntry answer = answers.get(question, unused -> new CacheEntry());
        CompletableFuture<DnsTargets> pending;
        boolean ask;
        boolean mayWait;
        synchronized (answer) {
            ask = nowMs >= answer.askAgainAtMs && answer.pending == null && open.get() < MOST_OPEN;
            if (ask) {
                answer.pending = new CompletableFuture<>();
                answer.waiting = 0;
            }
            pending = answer.pending;
            mayWait = answer.waiting++ < MOST_WAITING;
        }
        if (ask) {
            open.incrementAndGet();
            ask(question, answer, nowMs, pending);
        }
        DnsTargets known = nowMs - answer.foundAtMs <= longestMs ? answer.targets : DnsTargets.UNKNOWN;
        if (pending == null || !mayWait || !known.isEmpty()) {
            now.accept(known.order(draw + salt, versions));
        } else {
            pending.thenAccept(targets -> later.accept(targets.order(draw + salt, versions)));
        }
    }

    /** May complete before it returns: the name is in the hosts file or malformed. */
    private void ask(Lookup question, CacheEntry answer, long nowMs, CompletableFuture<DnsTargets> pending) {
        CompletableFuture.completedFuture(question)
                .thenCompose(asked -> lookUp(asked, nowMs))
                .exceptionally(failure -> new ResolvedTargets(DnsTargets.NONE, failure.toString()))
                .thenAccept(found -> {
                    boolean good = found.failure() == null && !found.targets().isEmpty();
                    if (!good) {
                        warn(question, found, nowMs);
                    }
                    synchronized (answer) {
                        answer.targets = found.targetsOrUnknown();
                        answer.foundAtMs = nowMs;
                        answer.askAgainAtMs = nowMs + (good ? ttlMs : RETRY_MS);
                        answer.pending = null;
                    }
                    open.decrementAndGet();
                    pending.complete(found.targetsOrUnknown());
                });
    }

    /**
     * Logs at most once a second, because requests may contain any names. Not while the process ends, when the client of
     * the name servers cannot start.
     */
    private void warn(Lookup question, ResolvedTargets found, long nowMs) {
        if (found.failure() != null && found.failure().contains("Shutdown in progress")) {
            return;
        }
        long again = warnAgainAtMs.get();
        if (nowMs < again || !warnAgainAtMs.compareAndSet(again, nowMs + WARN_EVERY_MS)) {
            return;
        }
        if (found.failure() == null) {
            LOG.warn("{}: no address (expected: a name with SRV, A or AAAA records)", question.host());
        } else {
            LOG.warn(
                    "{}: {} (expected: an answer of the name servers); {}",
                    question.host(),
                    found.failure(),
                    found.targets().isEmpty() ? "no address is known" : "known addresses are used");
        }
    }

    private CompletionStage<ResolvedTargets> lookUp(Lookup question, long nowMs) {
        if (question.port() != SipUri.NO_PORT) {
            return addressesOf(question.host(), question.port(), nowMs);
        }
        int defaultPort = question.transport().equals("tls") ? 5061 : 5060;
        String service = (question.transport().equals("tls") ? "_sips._tcp." : "_sip._" + question.transport() + ".")
                + question.host();
        return records.ask(service, Type.SRV, nowMs).thenCompose(services -> {
            if (services.isUnknown() && !isInHostsFile(question.host())) {
                // The SRV lookup failed, but there may be SRV records: the default port would be a guess.
                return CompletableFuture.completedFuture(new ResolvedTargets(DnsTargets.NONE, services.failure()));
            }
            return services.records().isEmpty()
                    ? addressesOf(question.host(), defaultPort, nowMs)
                    : targetsOf(services, nowMs);
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

    private CompletionStage<ResolvedTargets> addressesOf(String host, int port, long nowMs) {
        return addresses(host, port, nowMs)
                .thenApply(found -> new ResolvedTargets(
                        DnsTargets.of(List.of(DnsTargets.Target.of(0, 0, found.addresses()))), found.failure()));
    }

    /** Ignores the target ".", which means that the service is not offered (RFC 2782). */
    private CompletionStage<ResolvedTargets> targetsOf(CachingDnsLookup.RecordLookup services, long nowMs) {
        CompletionStage<List<DnsTargets.Target>> all = CompletableFuture.completedFuture(List.of());
        AtomicReference<String> failure = new AtomicReference<>(services.failure());
        for (Record record : services.records()) {
            if (record instanceof SRVRecord service && !service.getTarget().equals(Name.root)) {
                CompletionStage<Host> host = addresses(service.getTarget().toString(true), service.getPort(), nowMs);
                all = all.thenCombine(host, (targets, found) -> {
                    failure.compareAndSet(null, found.failure());
                    return joined(
                            targets,
                            List.of(DnsTargets.Target.of(
                                    service.getPriority(), service.getWeight(), found.addresses())));
                });
            }
        }
        return all.thenApply(targets -> new ResolvedTargets(DnsTargets.of(targets), failure.get()));
    }

    private CompletionStage<Host> addresses(String host, int port, long nowMs) {
        // A name in the hosts file does not need the name servers.
        boolean isLocal = isInHostsFile(host);
        return records.ask(host, Type.A, nowMs)
                .thenCombine(
                        records.ask(host, Type.AAAA, nowMs),
                        (ipv4, ipv6) -> new Host(
                                joined(ipv4.records(), ipv6.records()).stream()
                                        .map(DnsResolver::address)
                                        .filter(address -> address != null)
                                        .map(address -> new InetSocketAddress(address, port))
                                        .toList(),
                                isLocal ? null : ipv4.failure() == null ? ipv6.failure() : ipv4.failure()));
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

    private static <T> List<T> joined(List<T> left, List<T> right) {
        List<T> all = new ArrayList<>(left);
        all.addAll(right);
        return all;
    }
}
