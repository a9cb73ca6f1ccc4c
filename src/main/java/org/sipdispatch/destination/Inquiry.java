package org.sipdispatch.destination;

/** The one ping under way, or the one question to other nodes, and what depends on it. Not thread-safe. */
final class Inquiry {
    /** What is suspected of a destination until others have spoken. */
    interface Suspicion {
        /** What becomes of the status. */
        Status settle(Status status, boolean confirmed);
    }

    private final long number;
    private final long sinceMs;
    private final String accuser;
    private SecondOpinion opinion;
    private Suspicion suspicion;

    /** Numbers tell late answers apart. */
    Inquiry(long number, long sinceMs) {
        this(number, sinceMs, "");
    }

    /** {@code accuser}: the node whose traffic raised the suspicion. */
    Inquiry(long number, long sinceMs, String accuser) {
        this.number = number;
        this.sinceMs = sinceMs;
        this.accuser = accuser;
    }

    /** Whether that one is under way, and has that number. */
    static boolean isOpen(Inquiry inquiry, long number) {
        return inquiry != null && inquiry.number == number;
    }

    long number() {
        return number;
    }

    /** Whether its answers are overdue by far: someone forgot to tell. */
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

    /** What others say of the suspicion; open while there is none. */
    SecondOpinion.Verdict verdict(Limits limits) {
        return suspicion == null ? SecondOpinion.Verdict.OPEN : opinion.verdict(limits, accuser);
    }
}
