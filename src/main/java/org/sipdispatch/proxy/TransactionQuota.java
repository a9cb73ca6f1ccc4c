package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.util.function.Consumer;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.transaction.Shares;

/**
 * The room that a lane has for transactions. One source address may have seven times as much as is free: seven eighths
 * where nobody else needs any, less the more others have, and whoever has nothing finds room. Transactions that are
 * answered and wait for repetitions only are let go when room is needed, those of the source that has most of them first.
 */
final class TransactionQuota<T> {
    /** About what a transaction takes beside its messages: context, timers, entries in tables. */
    private static final int CONTEXT_BYTES = 700;
    /** About what an attempt takes beside its message. */
    private static final int ATTEMPT_BYTES = 400;

    private static final int TIMES_WHAT_IS_FREE = 7;
    /** A node with less than this part of its room refuses others than those who have most, or soon will. */
    private static final int LITTLE = 64;

    private final RelaySettings settings;
    private final LimitReporter limits;
    private final Shares<T> shares = new Shares<>();
    private final Consumer<T> forget;

    /** {@code forget}: lets a transaction go; it must call {@link #remove}. */
    TransactionQuota(RelaySettings settings, LimitReporter limits, Consumer<T> forget) {
        this.settings = settings;
        this.limits = limits;
        this.forget = forget;
    }

    /** With what its first attempt will take: many requests may come before the first of them is sent on. */
    private static int weight(IncomingRequest arrival) {
        return CONTEXT_BYTES + ATTEMPT_BYTES + 2 * length(arrival);
    }

    private static int length(IncomingRequest arrival) {
        return arrival.request().end() - arrival.request().start();
    }

    /** The limit that keeps this request out; null if there is room, after settled ones were let go perhaps. */
    Limit reached(IncomingRequest arrival) {
        Shares.Share<T> share = shares.find(source(arrival));
        int weight = weight(arrival);
        long freeBytes = settings.transactionMemory() - shares.fixed();
        long free = settings.maxTransactions() - shares.fixedCount();
        long ownBytes = share == null ? 0 : share.fixed();
        long own = share == null ? 0 : share.fixedCount();
        boolean few = own + 1 <= TIMES_WHAT_IS_FREE * (free - 1);
        if (few && ownBytes + weight <= TIMES_WHAT_IS_FREE * (freeBytes - weight)) {
            return null;
        }
        if (few && (ownBytes == 0 || freeBytes < settings.transactionMemory() / LITTLE)) {
            return Limit.TRANSACTION_MEMORY;
        }
        return own == 0 || free < settings.maxTransactions() / LITTLE
                ? Limit.MAX_TRANSACTIONS
                : Limit.TRANSACTION_SHARE;
    }

    /** Counts a request that is refused for that limit, and says so now and then. */
    void refused(IncomingRequest arrival, Limit limit) {
        if (limit == Limit.TRANSACTION_SHARE) {
            limits.hit(
                    limit,
                    () -> held(arrival) + " (expected: at most " + TIMES_WHAT_IS_FREE
                            + " times what is free); its new requests are refused with 503");
        } else {
            limits.full(
                    limit, () -> held(arrival) + " (expected: room for one more); new requests are refused with 503");
        }
    }

    private String held(IncomingRequest arrival) {
        Shares.Share<T> share = shares.find(source(arrival));
        long bytes = share == null ? 0 : share.fixed();
        long own = share == null ? 0 : share.fixedCount();
        return source(arrival).getHostAddress() + " has " + own + " transactions with " + bytes + " bytes of the "
                + shares.fixedCount() + " with " + shares.fixed() + " in lane " + limits.lane()
                + ", which may have "
                + settings.maxTransactions() + " with " + settings.transactionMemory();
    }

    private static InetAddress source(IncomingRequest arrival) {
        return arrival.flow().source().getAddress();
    }

    /** A transaction begins; settled ones are let go where there is no room. */
    Shares.Entry<T> enter(T transaction, IncomingRequest arrival) {
        int weight = weight(arrival);
        while (shares.size() > 0 && isTooMuch(weight)) {
            forget.accept(shares.largest().oldest().thing());
        }
        return shares.fix(source(arrival), transaction, weight);
    }

    private boolean isTooMuch(int weight) {
        return shares.fixedCount() + shares.size() >= settings.maxTransactions()
                || shares.fixed() + shares.released() + weight > settings.transactionMemory();
    }

    /** An attempt sends a message of so many bytes. */
    void sends(Shares.Entry<T> entry, IncomingRequest arrival, boolean first, int bytes) {
        grow(entry, first ? bytes - length(arrival) : bytes + ATTEMPT_BYTES);
    }

    /** Whether its source may have another attempt of it. */
    boolean mayTryAgain(Shares.Entry<T> entry, IncomingRequest arrival) {
        Shares.Share<T> share = entry.share();
        long more = ATTEMPT_BYTES + length(arrival);
        long free = settings.transactionMemory() - shares.fixed() - more;
        boolean may = share == null || share.fixed() + more <= TIMES_WHAT_IS_FREE * free;
        if (!may) {
            limits.hit(
                    Limit.TRANSACTION_SHARE,
                    () -> held(arrival) + " (expected: at most " + TIMES_WHAT_IS_FREE
                            + " times what is free); a request of it is sent to no further destination");
        }
        return may;
    }

    /** It keeps more than it did. */
    void grow(Shares.Entry<T> entry, int more) {
        shares.weigh(entry, entry.weight() + more);
    }

    /**
     * It waits only for repetitions now and may be let go.
     *
     * @param withoutMessages whether it has let go of its messages
     */
    void settle(Shares.Entry<T> entry, boolean withoutMessages) {
        if (withoutMessages) {
            shares.weigh(entry, CONTEXT_BYTES);
        }
        shares.release(entry);
    }

    /** It was forgotten. */
    void remove(Shares.Entry<T> entry) {
        shares.remove(entry);
    }
}
