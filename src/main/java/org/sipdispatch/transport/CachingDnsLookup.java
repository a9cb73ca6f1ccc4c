package org.sipdispatch.transport;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.sipdispatch.sets.Target;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.ServerFailedException;

/**
 * Looks up DNS records. NXDOMAIN and NODATA are answers: there are no records. SERVFAIL, REFUSED, a timeout and the
 * like are failures: the last answer is used until it is too old (RFC 8767). Thread-safe.
 */
final class CachingDnsLookup {
    private static final int MOST_KEPT = 30_000;
    private static final long LOOK_UP_MS = 2_000;

    /**
     * The records of a name and type.
     *
     * @param records empty if there are none, or if the lookup failed and no earlier answer is usable
     * @param failure why the lookup failed, in which case the records are those of the last answer; null if it
     *     succeeded
     */
    record RecordLookup(List<Record> records, String failure) {
        static final RecordLookup NONE = new RecordLookup(List.of(), null);

        /** How long the records apply, in seconds; {@code otherwise} if there are none. */
        long ttl(long otherwise) {
            return records.stream().mapToLong(Record::getTTL).min().orElse(otherwise);
        }

        boolean isUnknown() {
            return failure != null && records.isEmpty();
        }
    }

    private record DnsQuery(Name name, int type) {}

    private record CachedAnswer(List<Record> records, long answeredAtMs) {}

    private final LookupSession session;
    private final long longestMs;
    private final Cache<DnsQuery, CachedAnswer> last =
            Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

    private final String servers;

    /** {@code longest}: how long an answer may be used after it arrived. */
    CachingDnsLookup(LookupSession session, Duration longest) {
        this(session, longest, "");
    }

    /** {@code servers}: the name servers of the session, for messages; empty if they are unknown. */
    private CachingDnsLookup(LookupSession session, Duration longest, String servers) {
        this.servers = servers;
        this.session = session;
        longestMs = longest.toMillis();
    }

    /** The same with a session that asks the name servers of this host. */
    static CachingDnsLookup ofHost(LookupSession session, Duration longest) {
        List<InetSocketAddress> asked = ResolverConfig.getCurrentConfig().servers();
        return new CachingDnsLookup(
                session,
                longest,
                asked.stream().map(one -> Target.name(one, "")).collect(Collectors.joining(", ")));
    }

    /** Looks up records. Completes within two seconds, and never exceptionally. */
    CompletionStage<RecordLookup> ask(String name, int type, long nowMs) {
        DnsQuery question;
        try {
            question = new DnsQuery(Name.fromString(name, Name.root), type);
        } catch (TextParseException e) {
            return CompletableFuture.completedFuture(RecordLookup.NONE);
        }
        return session.lookupAsync(question.name(), type)
                .thenApply(LookupResult::getRecords)
                .toCompletableFuture()
                .orTimeout(LOOK_UP_MS, TimeUnit.MILLISECONDS)
                .handle((records, failure) ->
                        failure == null ? answered(question, records, nowMs) : failed(question, cause(failure), nowMs));
    }

    private RecordLookup answered(DnsQuery question, List<Record> records, long nowMs) {
        if (records.isEmpty()) {
            last.invalidate(question);
            return RecordLookup.NONE;
        }
        last.put(question, new CachedAnswer(List.copyOf(records), nowMs));
        return new RecordLookup(records, null);
    }

    private RecordLookup failed(DnsQuery question, Throwable failure, long nowMs) {
        if (failure instanceof NoSuchDomainException || failure instanceof NoSuchRRSetException) {
            return answered(question, List.of(), nowMs);
        }
        CachedAnswer kept = last.getIfPresent(question);
        boolean usable = kept != null && nowMs - kept.answeredAtMs() <= longestMs;
        String asked = question.name().toString(true) + " " + Type.string(question.type()) + ": ";
        String by = servers.isEmpty() ? "" : "; name servers: " + servers;
        return new RecordLookup(usable ? kept.records() : List.of(), asked + description(failure) + by);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** What has happened, for operators. */
    static String description(Throwable failure) {
        String message = null;
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof TimeoutException || one instanceof SocketTimeoutException) {
                return "no answer within " + LOOK_UP_MS + " ms";
            } else if (one instanceof ServerFailedException) {
                return "SERVFAIL";
            } else if (one instanceof PortUnreachableException || one instanceof ConnectException) {
                return "refused, nothing listens there";
            }
            // A cause in the message of its effect is its class and message.
            boolean isOwn = one.getCause() == null
                    || !String.valueOf(one.getMessage()).contains(one.getCause().toString());
            message = message == null && isOwn ? one.getMessage() : message;
        }
        return message == null ? "the query failed" : message.replace("Unknown non-success error code ", "");
    }
}
