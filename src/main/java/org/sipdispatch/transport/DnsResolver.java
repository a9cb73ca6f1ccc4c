package org.sipdispatch.transport;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.sipdispatch.destination.FoundTargets;
import org.sipdispatch.proxy.HostResolver;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.sip.SipUri;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    /** The lookup failed, so that it is not known whether there are addresses. */
    private static final TargetAddresses UNKNOWN = TargetAddresses.of(List.of());

    private static final class CacheEntry {
        private volatile TargetAddresses targets = UNKNOWN;
        private volatile long foundAtMs;
        private volatile long askAgainAtMs;
        private CompletableFuture<TargetAddresses> pending;
        private int waiting;
    }

    private final DnsLookup lookup;
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
                CachingDnsLookup.ofHost(
                        LookupSession.defaultBuilder()
                                .hostsFileParser(hostsFile)
                                .build(),
                        ttl.plus(maxStale)),
                hostsFile);
    }

    /** Uses the given session; {@code hostsFile} contains the names that need no name server; null for none. */
    DnsResolver(Duration ttl, Duration maxStale, LookupSession session, HostsFileParser hostsFile) {
        this(ttl, maxStale, new CachingDnsLookup(session, ttl.plus(maxStale)), hostsFile);
    }

    private DnsResolver(Duration ttl, Duration maxStale, CachingDnsLookup records, HostsFileParser hostsFile) {
        ttlMs = ttl.toMillis();
        longestMs = ttl.plus(maxStale).toMillis();
        lookup = new DnsLookup(records, hostsFile);
    }

    /** Whether a lookup is pending. */
    boolean isAsking() {
        return open.get() > 0;
    }

    /**
     * Resolves a URI to addresses, in an order that depends on {@code draw}: see {@link TargetAddresses#order}.
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
        CompletableFuture<TargetAddresses> pending;
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
        TargetAddresses known = nowMs - answer.foundAtMs <= longestMs ? answer.targets : UNKNOWN;
        if (pending == null || !mayWait || !known.isEmpty()) {
            now.accept(order(known, draw, versions));
        } else {
            pending.thenAccept(targets -> later.accept(order(targets, draw, versions)));
        }
    }

    private List<InetSocketAddress> order(TargetAddresses targets, long draw, IpVersionPreference versions) {
        return targets == UNKNOWN ? HostResolver.NO_ANSWER : targets.order(draw + salt, versions);
    }

    /** May complete before it returns: the name is in the hosts file or malformed. */
    private void ask(Lookup question, CacheEntry answer, long nowMs, CompletableFuture<TargetAddresses> pending) {
        lookup.find(question.host(), question.port(), question.transport(), nowMs)
                .thenAccept(found -> {
                    boolean good = found.failure().isEmpty() && !found.targets().isEmpty();
                    if (!good) {
                        warn(question, found, nowMs);
                    }
                    TargetAddresses targets = targetsOrUnknown(found);
                    synchronized (answer) {
                        answer.targets = targets;
                        answer.foundAtMs = nowMs;
                        answer.askAgainAtMs = nowMs + (good ? ttlMs : RETRY_MS);
                        answer.pending = null;
                    }
                    open.decrementAndGet();
                    pending.complete(targets);
                });
    }

    /** The targets, with a failed lookup distinguished from a name without addresses. */
    private static TargetAddresses targetsOrUnknown(FoundTargets found) {
        boolean isUnknown = !found.failure().isEmpty() && found.targets().isEmpty();
        return isUnknown ? UNKNOWN : TargetAddresses.of(found.targets());
    }

    /**
     * Logs at most once a second, because requests may contain any names. Not while the process ends, when the client of
     * the name servers cannot start.
     */
    private void warn(Lookup question, FoundTargets found, long nowMs) {
        if (found.failure().contains("Shutdown in progress")) {
            return;
        }
        long again = warnAgainAtMs.get();
        if (nowMs < again || !warnAgainAtMs.compareAndSet(again, nowMs + WARN_EVERY_MS)) {
            return;
        }
        if (found.failure().isEmpty()) {
            LOG.warn("{}: no address (expected: a name with SRV, A or AAAA records)", question.host());
        } else {
            LOG.warn(
                    "{}: {} (expected: an answer of the name servers); {}",
                    question.host(),
                    found.failure(),
                    found.targets().isEmpty() ? "no address is known" : "known addresses are used");
        }
    }
}
