package org.sipdispatch.proxy;

import java.net.InetAddress;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.transaction.SourceShares;

/**
 * Limits a lane's transactions and their memory, fairly per source address. A source may hold up to seven times the
 * free capacity: seven eighths of the total if no other source holds any, and less the more others hold, so that a new
 * source is always admitted. Completed transactions, which only wait for retransmissions, are evicted when capacity is
 * needed, starting with the source that holds most of them.
 */
final class TransactionQuota {
    /** A transaction that has a share of the memory. */
    interface LimitedTransaction {
        /** Evicts the transaction; it must call {@link #remove}. */
        void forget();
    }

    /** Approximate size of a transaction without its messages: context, timers, table entries. */
    private static final int CONTEXT_BYTES = 700;
    /** Approximate size of one of the {@link FinishedRequests} without its message. */
    private static final int FINISHED_BYTES = 150;
    /** Approximate size of an attempt without its message. */
    private static final int ATTEMPT_BYTES = 400;

    private static final int FREE_MULTIPLE = 7;
    /**
     * If less than this fraction (1/64) of the capacity is free, sources that hold little are refused too, or soon will
     * be.
     */
    private static final int NEARLY_FULL_DIVISOR = 64;

    private final RelaySettings settings;
    private final LimitReporter limits;
    private final SourceShares<LimitedTransaction> shares = new SourceShares<>();

    TransactionQuota(RelaySettings settings, LimitReporter limits) {
        this.settings = settings;
        this.limits = limits;
    }

    /** Includes the size of the first attempt, because many requests may arrive before the first one is forwarded. */
    private static int weight(IncomingRequest arrival) {
        return CONTEXT_BYTES + ATTEMPT_BYTES + 2 * length(arrival);
    }

    private static int length(IncomingRequest arrival) {
        return arrival.request().end() - arrival.request().start();
    }

    /**
     * The limit that does not admit this request; null if it is admitted, possibly after eviction of completed
     * transactions.
     */
    Limit reached(IncomingRequest arrival) {
        SourceShares.SourceShare<LimitedTransaction> share = shares.find(source(arrival));
        int weight = weight(arrival);
        long freeBytes = settings.transactionMemory() - shares.fixed();
        long free = settings.maxTransactions() - shares.fixedCount();
        long ownBytes = share == null ? 0 : share.fixed();
        long own = share == null ? 0 : share.fixedCount();
        boolean few = own + 1 <= FREE_MULTIPLE * (free - 1);
        if (few && ownBytes + weight <= FREE_MULTIPLE * (freeBytes - weight)) {
            return null;
        }
        if (few && (ownBytes == 0 || freeBytes < settings.transactionMemory() / NEARLY_FULL_DIVISOR)) {
            return Limit.TRANSACTION_MEMORY;
        }
        return own == 0 || free < settings.maxTransactions() / NEARLY_FULL_DIVISOR
                ? Limit.MAX_TRANSACTIONS
                : Limit.TRANSACTION_SHARE;
    }

    /** Counts a request that was refused because of this limit, and reports the limit from time to time. */
    void refused(IncomingRequest arrival, Limit limit) {
        if (limit == Limit.TRANSACTION_SHARE) {
            limits.hit(
                    limit,
                    () -> held(arrival) + " (expected: at most " + FREE_MULTIPLE
                            + " times what is free); its new requests are refused with 503");
        } else {
            limits.full(
                    limit,
                    () -> held(arrival) + " (expected: capacity for one more); new requests are refused with 503");
        }
    }

    private String held(IncomingRequest arrival) {
        SourceShares.SourceShare<LimitedTransaction> share = shares.find(source(arrival));
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

    /** Adds a transaction; evicts completed ones if capacity is needed. */
    SourceShares.ResourceHolder<LimitedTransaction> add(LimitedTransaction transaction, IncomingRequest arrival) {
        int weight = weight(arrival);
        while (shares.size() > 0 && isTooMuch(weight)) {
            shares.largest().oldest().value().forget();
        }
        return shares.addFixed(source(arrival), transaction, weight);
    }

    private boolean isTooMuch(int weight) {
        return shares.fixedCount() + shares.size() >= settings.maxTransactions()
                || shares.fixed() + shares.released() + weight > settings.transactionMemory();
    }

    /** Accounts for a message of that many bytes that an attempt sends. */
    void accountSent(
            SourceShares.ResourceHolder<LimitedTransaction> entry, IncomingRequest arrival, boolean first, int bytes) {
        grow(entry, first ? bytes - length(arrival) : bytes + ATTEMPT_BYTES);
    }

    /** Whether the transaction's source may make another attempt. */
    boolean mayTryAgain(SourceShares.ResourceHolder<LimitedTransaction> entry, IncomingRequest arrival) {
        SourceShares.SourceShare<LimitedTransaction> share = entry.share();
        long more = ATTEMPT_BYTES + length(arrival);
        long free = settings.transactionMemory() - shares.fixed() - more;
        boolean may = share == null || share.fixed() + more <= FREE_MULTIPLE * free;
        if (!may) {
            limits.hit(
                    Limit.TRANSACTION_SHARE,
                    () -> held(arrival) + " (expected: at most " + FREE_MULTIPLE
                            + " times what is free); one of its requests is not sent to the next destination");
        }
        return may;
    }

    /** Accounts for {@code more} additional bytes. */
    void grow(SourceShares.ResourceHolder<LimitedTransaction> entry, int more) {
        shares.setWeight(entry, entry.weight() + more);
    }

    /** Marks the transaction as completed: it only waits for retransmissions and may be evicted. */
    void markCompleted(SourceShares.ResourceHolder<LimitedTransaction> entry) {
        shares.release(entry);
    }

    /** The same for a transaction of which only {@code rest} is kept, with {@code bytes} of messages. */
    void markCompleted(SourceShares.ResourceHolder<LimitedTransaction> entry, LimitedTransaction rest, int bytes) {
        entry.pass(rest);
        shares.setWeight(entry, FINISHED_BYTES + bytes);
        shares.release(entry);
    }

    void remove(SourceShares.ResourceHolder<LimitedTransaction> entry) {
        shares.remove(entry);
    }
}
