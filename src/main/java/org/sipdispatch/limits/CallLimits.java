package org.sipdispatch.limits;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.sipdispatch.sets.LimitValues;

/** The limits of one destination or source, and what of them this node uses and may use. Thread-safe. */
public final class CallLimits {
    /** What a node may use of its limits. */
    enum Use {
        /** The share that the allocator has given to it. */
        SHARE,
        /** The part that it may have without an allocator. */
        OWN_PART,
        /** Nothing: it has to wait for the allocator, or for the end of its share. */
        NOTHING
    }

    /** A limit that a call has reached. */
    public enum Reached {
        CALLS,
        RATE,
        ANSWERS
    }

    private static final int RESERVES = 8;
    private static final int TOKEN_RESERVES = 10;
    private static final int MOST_RESERVE = 64;

    /** What a limit limits. */
    public enum Kind {
        /** The calls of a destination. */
        DESTINATION,
        /** Those of a destination that use one of its resources. */
        CAPACITY,
        SOURCE
    }

    private final String name;
    private final Kind kind;
    private final CallShare share = new CallShare();
    /** Tokens that the allocator has given to this node. */
    private final AtomicInteger tokens = new AtomicInteger();

    private final WaitingCalls waitingForPlaces = new WaitingCalls();
    private final WaitingCalls waitingForTokens = new WaitingCalls();
    private final LongAdder refused = new LongAdder();
    private final TokenBucket ownRate;
    private final AnswerRatio answers;
    private volatile LimitValues values;
    /** What this node may have without a lease. */
    private volatile LimitValues own;
    /** Until when there is no use in asking the allocator. */
    private volatile long fullUntilNanos;

    private volatile boolean full;

    /** The answered calls of other nodes. */
    private volatile int elsewhere;

    /**
     * Creates limits without calls.
     *
     * @param name see {@link #name}
     * @param own the part of the limits that this node may have without a lease
     */
    CallLimits(String name, Kind kind, LimitValues values, LimitValues own, long nowNanos) {
        this.name = name;
        this.kind = kind;
        this.values = values;
        this.own = own;
        ownRate = TokenBucket.full(own, nowNanos);
        answers = new AnswerRatio(nowNanos);
    }

    /** Changes the limits. Calls in flight continue. */
    void resize(LimitValues all, LimitValues part) {
        if (!all.equals(values)) {
            values = all;
            own = part;
            ownRate.resize(part);
        }
    }

    /** The id of the destination, with a slash and the resource for a capacity; {@code source:} and a source's name. */
    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    /** The limits in the whole cluster. */
    public LimitValues values() {
        return values;
    }

    /** The number of calls through this node. */
    public int used() {
        return share.used();
    }

    /** The number of answered calls of other nodes, for {@link #shown}. */
    void elsewhere(int calls) {
        elsewhere = calls;
    }

    /** What this node uses of it, while it may use so much. */
    LimitUse shown(Use use) {
        int free =
                switch (use) {
                    case SHARE -> share.free();
                    case OWN_PART -> Math.max(0, own.calls() - used());
                    case NOTHING -> 0;
                };
        return new LimitUse(name, kind, values, used(), elsewhere, free, refused.sum());
    }

    /**
     * Takes a place and a token for a call. Null, or the limit that the call has reached; then nothing is taken. The
     * call needs {@link #admits} too, when it has places in all limits.
     *
     * @param use what this node may use of the limits
     */
    Reached take(Use use, long nowNanos) {
        LimitValues now = values;
        if (now.minAnswered() > 0 && !answers.mayAdmit(now.minAnswered(), nowNanos)) {
            return Reached.ANSWERS;
        }
        if (now.calls() == 0) {
            share.force();
        } else if (!takePlace(use)) {
            return Reached.CALLS;
        }
        if (now.perSecond() > 0 && !takeToken(use, nowNanos)) {
            share.giveBack();
            return Reached.RATE;
        }
        return null;
    }

    /** Whether enough calls were answered, or this call is the trial that is due. */
    boolean admits(long nowNanos) {
        int least = values.minAnswered();
        return least == 0 || answers.admits(least, nowNanos);
    }

    /** Gives back the place and the token of a call that has reached another limit. */
    void undoTake(Use use) {
        share.giveBack();
        if (values.perSecond() > 0 && use == Use.SHARE) {
            tokens.incrementAndGet();
        } else if (values.perSecond() > 0) {
            ownRate.giveBack(1);
        }
    }

    /** The limit that a call would reach now if it could not wait; null for none. Takes nothing. */
    Reached reached(Use use, long nowNanos) {
        if (values.minAnswered() > 0 && !answers.isAtLeast(values.minAnswered(), nowNanos)) {
            return Reached.ANSWERS;
        }
        boolean isWaitingPossible = use != Use.OWN_PART && mayWait(nowNanos);
        boolean hasPlace = values.calls() == 0 || shown(use).free() > 0;
        boolean hasToken =
                values.perSecond() == 0 || (use == Use.OWN_PART ? ownRate.waitNanos(nowNanos) == 0 : tokens.get() > 0);
        return isWaitingPossible || hasPlace && hasToken ? null : hasPlace ? Reached.RATE : Reached.CALLS;
    }

    /** A call was answered, or its setup has ended otherwise. */
    void setupEnded(boolean wasAnswered) {
        if (values.minAnswered() > 0) {
            answers.ended(wasAnswered);
        }
    }

    private boolean takePlace(Use use) {
        return switch (use) {
            case SHARE -> share.take();
            case OWN_PART -> share.takeBelow(own.calls());
            case NOTHING -> false;
        };
    }

    private boolean takeToken(Use use, long nowNanos) {
        return switch (use) {
            case SHARE -> takeTokens(1) == 1;
            case OWN_PART -> ownRate.take(nowNanos);
            case NOTHING -> false;
        };
    }

    /** Counts a call that was refused, or sent to another destination. */
    public void refuse() {
        refused.increment();
    }

    /** Whether it has no call, and none that waits. */
    boolean isIdle() {
        return used() == 0 && waitingForPlaces.size() == 0 && waitingForTokens.size() == 0;
    }

    /** Adds a call that cannot be refused any more. */
    void force() {
        share.force();
    }

    /** A call has ended. */
    void giveBack() {
        share.giveBack();
    }

    /** The allocator has no places or tokens until this time. */
    void full(long untilNanos) {
        fullUntilNanos = untilNanos;
        full = true;
    }

    /** Whether a call that finds no place or token may wait for one. */
    boolean mayWait(long nowNanos) {
        full &= fullUntilNanos - nowNanos > 0;
        return !full;
    }

    /** How many free places a node keeps, so that calls need not wait. */
    int reserve(int nodes) {
        return Math.min(MOST_RESERVE, values.calls() / (RESERVES * nodes));
    }

    /** The same for tokens: those of a tenth of a second. */
    int tokenReserve(int nodes) {
        return Math.min(MOST_RESERVE, values.perSecond() / (TOKEN_RESERVES * nodes));
    }

    /** Takes back tokens that were not used, as many as there are. */
    int takeTokens(int most) {
        int before = tokens.getAndUpdate(now -> Math.max(0, now - most));
        return Math.min(before, most);
    }

    WaitingCalls waitingForPlaces() {
        return waitingForPlaces;
    }

    WaitingCalls waitingForTokens() {
        return waitingForTokens;
    }

    CallShare share() {
        return share;
    }

    AtomicInteger tokens() {
        return tokens;
    }
}
