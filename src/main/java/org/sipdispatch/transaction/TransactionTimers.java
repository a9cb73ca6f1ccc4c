package org.sipdispatch.transaction;

/**
 * The configured timer values of RFC 3261 section 17: {@code relay.t1} and {@code relay.t2}, which {@code RelaySettings}
 * reads. Timer C is {@code fr_inv_timeout} of a rule, in {@code RelayPolicy}.
 *
 * @param t1Ms T1, the round-trip time estimate, in milliseconds
 * @param t2Ms T2, the longest retransmission interval, in milliseconds
 */
public record TransactionTimers(long t1Ms, long t2Ms) {
    /** 64*T1: the lifetime of a transaction without a response (timers B, F, H, L and M), in milliseconds. */
    public long transactionMs() {
        return 64 * t1Ms;
    }
}
