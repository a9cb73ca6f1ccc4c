package org.sipdispatch.destination;

/** The one pending ping or query of other nodes, and what depends on its result. Not thread-safe. */
final class Inquiry {
    /** A failure that is applied only after other nodes have reported. */
    interface Suspicion {
        /** The status after the failure; {@code confirmed}: it may take the destination out. */
        Status settle(Status status, boolean confirmed);
    }

    private final long number;
    private final long sinceMs;
    private final String accuser;
    private SecondOpinion opinion;
    private Suspicion suspicion;

    /** {@code number} identifies late replies to an earlier inquiry. */
    Inquiry(long number, long sinceMs) {
        this(number, sinceMs, "");
    }

    /** {@code accuser}: the node whose traffic showed the failure. */
    Inquiry(long number, long sinceMs, String accuser) {
        this.number = number;
        this.sinceMs = sinceMs;
        this.accuser = accuser;
    }

    /** Whether the inquiry is pending and has this number. */
    static boolean isOpen(Inquiry inquiry, long number) {
        return inquiry != null && inquiry.number == number;
    }

    long number() {
        return number;
    }

    /** Whether its replies are far overdue, so that another ping may be sent. */
    boolean isLost(long nowMs, long patienceMs) {
        return nowMs - sinceMs > patienceMs || nowMs < sinceMs;
    }

    boolean hasAsked() {
        return opinion != null;
    }

    void asked(int others, int agree) {
        opinion = SecondOpinion.of(others, agree);
    }

    void heard(Opinion other) {
        opinion = opinion.with(other);
    }

    void timeUp() {
        opinion = opinion.closed();
    }

    SecondOpinion opinion() {
        return opinion;
    }

    void suspect(Suspicion what) {
        suspicion = what;
    }

    Suspicion suspicion() {
        return suspicion;
    }

    /** The verdict of the other nodes; open until there is a suspicion. */
    SecondOpinion.Verdict verdict(Limits limits) {
        return suspicion == null ? SecondOpinion.Verdict.OPEN : opinion.verdict(limits, accuser);
    }
}
