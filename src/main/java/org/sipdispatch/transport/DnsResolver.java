package org.sipdispatch.transport;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.sipdispatch.sip.SipUri;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;

/**
 * Finds the addresses of names (RFC 3263): SRV where no port is given, then A and AAAA. Answers are kept for a while,
 * and the last good one is used while a new one is fetched or cannot be had. Shared between lanes.
 */
final class DnsResolver {
    private static final Logger LOG = LoggerFactory.getLogger(DnsResolver.class);
    private static final int MOST_NAMES = 10_000;
    private static final long RETRY_MS = 5_000;
    /** Less than the time until a name without an address is asked for again, so that the answer counts for a while. */
    private static final long LOOK_UP_MS = 2_000;

    private static final long WARN_EVERY_MS = 1_000;
    /** Look-ups at the same time; further names have no address until one of these is answered. */
    private static final int MOST_OPEN = 200;
    /** Requests that wait for the same name. */
    private static final int MOST_WAITING = 1_000;

    private record Question(String host, int port, String transport) {}

    private static final class Answer {
        private volatile List<InetSocketAddress> addresses = List.of();
        private volatile long askAgainAtMs;
        private CompletableFuture<List<InetSocketAddress>> pending;
        private int waiting;
    }

    private final LookupSession session;
    private final Cache<Question, Answer> answers =
            Caffeine.newBuilder().maximumSize(MOST_NAMES).build();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong warnAgainAtMs = new AtomicLong(Long.MIN_VALUE);
    private final long ttlMs;

    /** Asks as the host does: its hosts file first, then the servers it is told to ask. */
    DnsResolver(Duration ttl) {
        this(ttl, LookupSession.defaultBuilder().build());
    }

    DnsResolver(Duration ttl, LookupSession session) {
        ttlMs = ttl.toMillis();
        this.session = session;
    }

    /** Gives the addresses to {@code then}: at once if they are known, else later on another thread. */
    void resolve(
            SipUri uri, long nowMs, Consumer<List<InetSocketAddress>> now, Consumer<List<InetSocketAddress>> later) {
        Question question = new Question(uri.host().toLowerCase(Locale.ROOT), uri.port(), uri.transport());
        Answer answer = answers.get(question, unused -> new Answer());
        CompletableFuture<List<InetSocketAddress>> pending;
        boolean ask;
        boolean room;
        synchronized (answer) {
            ask = nowMs >= answer.askAgainAtMs && answer.pending == null && open.get() < MOST_OPEN;
            if (ask) {
                answer.pending = new CompletableFuture<>();
                answer.waiting = 0;
            }
            pending = answer.pending;
            room = answer.waiting++ < MOST_WAITING;
        }
        if (ask) {
            open.incrementAndGet();
            ask(question, answer, nowMs, pending);
        }
        if (pending == null || !room || !answer.addresses.isEmpty()) {
            now.accept(answer.addresses);
        } else {
            pending.thenAccept(later);
        }
    }

    /** The answer may be here before this returns: the hosts file knows it, or the name is none. */
    private void ask(Question question, Answer answer, long nowMs, CompletableFuture<List<InetSocketAddress>> pending) {
        CompletableFuture.completedFuture(question)
                .thenCompose(this::lookUp)
                .orTimeout(LOOK_UP_MS, TimeUnit.MILLISECONDS)
                .whenComplete((found, failure) -> {
                    boolean good = failure == null && !found.isEmpty();
                    if (!good) {
                        warn(question, nowMs);
                    }
                    synchronized (answer) {
                        answer.addresses = good ? found : answer.addresses;
                        answer.askAgainAtMs = nowMs + (good ? ttlMs : RETRY_MS);
                        answer.pending = null;
                    }
                    open.decrementAndGet();
                    pending.complete(answer.addresses);
                });
    }

    /** At most once a second, since requests may bring any names. */
    private void warn(Question question, long nowMs) {
        long again = warnAgainAtMs.get();
        if (nowMs >= again && warnAgainAtMs.compareAndSet(again, nowMs + WARN_EVERY_MS)) {
            LOG.warn("{}: no address (expected: a name with SRV, A or AAAA records)", question.host());
        }
    }

    private CompletionStage<List<InetSocketAddress>> lookUp(Question question) {
        if (question.port() != SipUri.NO_PORT) {
            return hostAddresses(question.host(), question.port());
        }
        int defaultPort = question.transport().equals("tls") ? 5061 : 5060;
        return services("_sip._" + question.transport() + "." + question.host())
                .thenCompose(services ->
                        services.isEmpty() ? hostAddresses(question.host(), defaultPort) : serviceAddresses(services));
    }

    /** SRV records by priority; among equals the heavier one first. */
    private CompletionStage<List<SRVRecord>> services(String name) {
        return records(name, Type.SRV)
                .thenApply(records -> records.stream()
                        .filter(SRVRecord.class::isInstance)
                        .map(SRVRecord.class::cast)
                        .sorted(Comparator.comparingInt(SRVRecord::getPriority)
                                .thenComparing(SRVRecord::getWeight, Comparator.reverseOrder()))
                        .toList());
    }

    private CompletionStage<List<InetSocketAddress>> serviceAddresses(List<SRVRecord> services) {
        CompletionStage<List<InetSocketAddress>> all = CompletableFuture.completedFuture(List.of());
        for (SRVRecord service : services) {
            all = all.thenCombine(
                    hostAddresses(service.getTarget().toString(true), service.getPort()), DnsResolver::joined);
        }
        return all;
    }

    private CompletionStage<List<InetSocketAddress>> hostAddresses(String host, int port) {
        return records(host, Type.A)
                .thenCombine(records(host, Type.AAAA), DnsResolver::joined)
                .thenApply(records -> records.stream()
                        .map(DnsResolver::address)
                        .filter(address -> address != null)
                        .map(address -> new InetSocketAddress(address, port))
                        .toList());
    }

    private CompletionStage<List<Record>> records(String name, int type) {
        try {
            return session.lookupAsync(Name.fromString(name, Name.root), type)
                    .thenApply(LookupResult::getRecords)
                    .exceptionally(none -> List.of());
        } catch (TextParseException e) {
            return CompletableFuture.completedFuture(List.of());
        }
    }

    private static InetAddress address(Record record) {
        try {
            byte[] bytes = record instanceof ARecord a
                    ? a.getAddress().getAddress()
                    : record instanceof AAAARecord aaaa ? aaaa.getAddress().getAddress() : null;
            // Without the name inside, so that equal addresses are equal hops.
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
