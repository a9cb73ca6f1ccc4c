package org.sipdispatch.destination;

/** The one pending ping or query of other nodes, and what depends on its result. Not thread-safe. */
final class PendingProbe {
    /** A failure that is applied only after other nodes have reported. */
    interface Suspicion {
        /** The status after the failure; {@code confirmed}: it may take the destination out. */
        Status apply(Status status, boolean confirmed);
    }

    private final long number;
    private final long sinceMs;
    private final String reporter;
    private PeerQuorum opinion;
    private Suspicion suspicion;

    /** {@code number} identifies late replies to an earlier inquiry. */
    PendingProbe(long number, long sinceMs) {
        this(number, sinceMs, "");
    }

    /** {@code reporter}: the node whose traffic showed the failure. */
    PendingProbe(long number, long sinceMs, String reporter) {
        this.number = number;
        this.sinceMs = sinceMs;
        this.reporter = reporter;
    }

    /** Whether the inquiry is pending and has this number. */
    static boolean isOpen(PendingProbe inquiry, long number) {
        return inquiry != null && inquiry.number == number;
    }

    long number() {
        return number;
    }

    /** Whether its replies are far overdue, so that another ping may be sent. */
    boolean isOverdue(long nowMs, long patienceMs) {
        return nowMs - sinceMs > patienceMs || nowMs < sinceMs;
    }

    boolean hasAskedPeers() {
        return opinion != null;
    }

    void awaitPeers(int others, int agree) {
        opinion = PeerQuorum.of(others, agree);
    }

    void addPeerResult(PeerProbeResult other) {
        opinion = opinion.with(other);
    }

    void stopWaiting() {
        opinion = opinion.closed();
    }

    PeerQuorum opinion() {
        return opinion;
    }

    void suspect(Suspicion what) {
        suspicion = what;
    }

    Suspicion suspicion() {
        return suspicion;
    }

    /** The verdict of the other nodes; open until there is a suspicion. */
    PeerQuorum.Agreement agreement(HealthThresholds limits) {
        return suspicion == null ? PeerQuorum.Agreement.OPEN : opinion.agreement(limits, reporter);
    }
}
