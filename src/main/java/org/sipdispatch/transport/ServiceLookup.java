package org.sipdispatch.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;

/** Looks up SRV records. Answers are cached for the time to live of the records. Thread-safe. */
public final class ServiceLookup {
    private final CachingDnsLookup records;

    /** Asks the name servers of this host. */
    public ServiceLookup() {
        this(CachingDnsLookup.ofHost(LookupSession.defaultBuilder().build(), Duration.ZERO));
    }

    ServiceLookup(LookupSession session) {
        this(new CachingDnsLookup(session, Duration.ZERO));
    }

    /** {@code records}: keeps nothing, because the caller keeps what it knows while the name servers fail. */
    private ServiceLookup(CachingDnsLookup records) {
        this.records = records;
    }

    /**
     * The SRV records of a name, each as {@code priority weight port host}; empty if there are none. Blocks for two
     * seconds at most.
     *
     * @throws IOException if the name servers do not answer, or fail
     */
    public List<String> of(String name) throws IOException {
        CachingDnsLookup.RecordLookup found = records.ask(name, Type.SRV, LaneInlet.monotonicMs())
                .toCompletableFuture()
                .join();
        if (found.failure() != null) {
            throw new IOException(found.failure());
        }
        return found.records().stream()
                .filter(record -> record instanceof SRVRecord)
                .map(SRVRecord.class::cast)
                // The target "." means that the service is not offered (RFC 2782).
                .filter(record -> !record.getTarget().equals(Name.root))
                .map(record -> record.getPriority() + " " + record.getWeight() + " " + record.getPort() + " "
                        + record.getTarget().toString(true))
                .toList();
    }
}
