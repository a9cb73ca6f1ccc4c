package org.sipdispatch.transaction;

/**
 * The TCP connections that have carried messages of a transaction, the newest first. Its responses use the first one
 * that is open (RFC 3261 section 18.2.2).
 *
 * @param number the id of the connection; {@link Flow#NO_CONNECTION} for none
 * @param older the connections before it; {@link #NONE} for none
 * @param peer who has to be at the other end of a TLS connection; null for anyone at the address
 */
public record TransactionConnections(long number, TransactionConnections older, TlsPeer peer) {
    /** No connection: a message over UDP, or over any connection to its target. */
    public static final TransactionConnections NONE = new TransactionConnections(Flow.NO_CONNECTION, null, null);

    /** The only connection that the message may use has closed. */
    public static final TransactionConnections CLOSED = new TransactionConnections(-1, NONE, null);

    /** Limits the memory of a transaction. */
    private static final int MOST = 3;

    public static TransactionConnections of(long number) {
        return number == Flow.NO_CONNECTION ? NONE : new TransactionConnections(number, NONE, null);
    }

    /** This connection, and no other one if it has closed. */
    public static TransactionConnections only(long number) {
        return new TransactionConnections(number, CLOSED, null);
    }

    /** Any connection to this peer; null for any peer. */
    public static TransactionConnections to(TlsPeer peer) {
        return peer == null ? NONE : new TransactionConnections(Flow.NO_CONNECTION, null, peer);
    }

    /** Whether only one connection may be used. */
    public boolean isOnly() {
        return older == CLOSED || this == CLOSED;
    }

    public boolean isNone() {
        return number == Flow.NO_CONNECTION;
    }

    /** Whether these are connections of a transaction, which have numbers. */
    public boolean areKnown() {
        return number > Flow.NO_CONNECTION;
    }

    /** Returns these connections with another one as the newest. The oldest are forgotten. */
    public TransactionConnections with(long newest) {
        return newest == number ? this : new TransactionConnections(newest, without(newest, MOST - 1), null);
    }

    /** Returns these connections followed by others. */
    public TransactionConnections then(TransactionConnections others) {
        return isNone() ? others : new TransactionConnections(number, older.then(others), null);
    }

    private TransactionConnections without(long other, int most) {
        if (isNone() || most == 0) {
            return NONE;
        }
        return number == other
                ? older.without(other, most)
                : new TransactionConnections(number, older.without(other, most - 1), null);
    }
}
