package org.sipdispatch.relay;

import java.net.InetAddress;
import java.util.function.Consumer;

/**
 * The room that a lane has for transactions. One source address may have seven times as much as is free: seven eighths
 * where nobody else needs any, less the more others have, and whoever has nothing finds room. Transactions that are
 * answered and wait for repetitions only are let go when room is needed, those of the source that has most of them first.
 */
final class TransactionRoom {
    /** About what a transaction takes beside its messages: context, timers, entries in tables. */
    private static final int CONTEXT_BYTES = 700;
    /** About what an attempt takes beside its message. */
    private static final int ATTEMPT_BYTES = 400;

    private static final int TIMES_WHAT_IS_FREE = 7;
    /** A node with less than this part of its room refuses others than those who have most, or soon will. */
    private static final int LITTLE = 64;

    private final Lane lane;
    private final Shares<ResponseContext> shares = new Shares<>();
    private final Consumer<ResponseContext> forget;

    /** {@code forget}: lets a transaction go; it must call {@link #leaves}. */
    TransactionRoom(Lane lane, Consumer<ResponseContext> forget) {
        this.lane = lane;
        this.forget = forget;
    }

    /** With what its first attempt will take: many requests may come before the first of them is sent on. */
    private static int weight(Arrival arrival) {
        return CONTEXT_BYTES + ATTEMPT_BYTES + 2 * length(arrival);
    }

    private static int length(Arrival arrival) {
        return arrival.request().end() - arrival.request().start();
    }

    /** The limit that keeps this request out; null if there is room, after settled ones were let go perhaps. */
    Limit reached(Arrival arrival) {
        Shares.Share<ResponseContext> share = shares.find(source(arrival));
        int weight = weight(arrival);
        long freeBytes = lane.settings.transactionMemory() - shares.fixed();
        long free = lane.settings.maxTransactions() - shares.fixedCount();
        long ownBytes = share == null ? 0 : share.fixed();
        long own = share == null ? 0 : share.fixedCount();
        boolean few = own + 1 <= TIMES_WHAT_IS_FREE * (free - 1);
        if (few && ownBytes + weight <= TIMES_WHAT_IS_FREE * (freeBytes - weight)) {
            return null;
        }
        if (few && (ownBytes == 0 || freeBytes < lane.settings.transactionMemory() / LITTLE)) {
            return Limit.TRANSACTION_MEMORY;
        }
        return own == 0 || free < lane.settings.maxTransactions() / LITTLE
                ? Limit.MAX_TRANSACTIONS
                : Limit.TRANSACTION_SHARE;
    }

    /** Counts a request that is refused for that limit, and says so now and then. */
    void refused(Arrival arrival, Limit limit) {
        if (limit == Limit.TRANSACTION_SHARE) {
            lane.hit(
                    limit,
                    () -> held(arrival) + " (expected: at most " + TIMES_WHAT_IS_FREE
                            + " times what is free); its new requests are refused with 503");
        } else {
            lane.full(limit, () -> held(arrival) + " (expected: room for one more); new requests are refused with 503");
        }
    }

    private String held(Arrival arrival) {
        Shares.Share<ResponseContext> share = shares.find(source(arrival));
        long bytes = share == null ? 0 : share.fixed();
        long own = share == null ? 0 : share.fixedCount();
        return source(arrival).getHostAddress() + " has " + own + " transactions with " + bytes + " bytes of the "
                + shares.fixedCount() + " with " + shares.fixed() + " in lane " + lane.setup.lane()
                + ", which may have "
                + lane.settings.maxTransactions() + " with " + lane.settings.transactionMemory();
    }

    private static InetAddress source(Arrival arrival) {
        return arrival.flow().source().getAddress();
    }

    /** A transaction begins; settled ones are let go where there is no room. */
    void enters(ResponseContext context, Arrival arrival) {
        int weight = weight(arrival);
        while (shares.size() > 0 && isTooMuch(weight)) {
            forget.accept(shares.largest().oldest().thing());
        }
        context.room = shares.fix(source(arrival), context, weight);
    }

    private boolean isTooMuch(int weight) {
        return shares.fixedCount() + shares.size() >= lane.settings.maxTransactions()
                || shares.fixed() + shares.released() + weight > lane.settings.transactionMemory();
    }

    /** An attempt sends a message of so many bytes. */
    void tries(ResponseContext context, Arrival arrival, boolean first, int bytes) {
        grows(context, first ? bytes - length(arrival) : bytes + ATTEMPT_BYTES);
    }

    /** Whether its source may have another attempt of it. */
    boolean mayTryAgain(ResponseContext context, Arrival arrival) {
        Shares.Share<ResponseContext> share = context.room.share();
        long more = ATTEMPT_BYTES + length(arrival);
        long free = lane.settings.transactionMemory() - shares.fixed() - more;
        boolean may = share == null || share.fixed() + more <= TIMES_WHAT_IS_FREE * free;
        if (!may) {
            lane.hit(
                    Limit.TRANSACTION_SHARE,
                    () -> held(arrival) + " (expected: at most " + TIMES_WHAT_IS_FREE
                            + " times what is free); a request of it is sent to no further destination");
        }
        return may;
    }

    /** It keeps more than it did. */
    void grows(ResponseContext context, int more) {
        shares.weigh(context.room, context.room.weight() + more);
    }

    /**
     * It waits only for repetitions now and may be let go.
     *
     * @param withoutMessages whether it has let go of its messages
     */
    void settles(ResponseContext context, boolean withoutMessages) {
        if (withoutMessages) {
            shares.weigh(context.room, CONTEXT_BYTES);
        }
        shares.release(context.room);
    }

    /** It was forgotten. */
    void leaves(ResponseContext context) {
        shares.remove(context.room);
    }
}
