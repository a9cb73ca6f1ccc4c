package org.sipdispatch.transaction;

/**
 * The intervals of RFC 3261 section 17 that are configured.
 *
 * @param t1Ms T1, the estimate of a round trip, in milliseconds
 * @param t2Ms T2, the longest interval between two retransmissions, in milliseconds
 */
public record TransactionTimers(long t1Ms, long t2Ms) {
    /** 64*T1: how long a transaction lives without an answer (timers B, F, H, L and M), in milliseconds. */
    public long transactionMs() {
        return 64 * t1Ms;
    }
}
