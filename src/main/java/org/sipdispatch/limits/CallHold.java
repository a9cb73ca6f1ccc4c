package org.sipdispatch.limits;

import java.util.ArrayList;
import java.util.List;

/**
 * The places of one call in the limits that apply to it. They are given back when no attempt uses them any more, unless
 * the call was answered: then when it ends. Not thread-safe; used on the thread of its lane.
 */
public final class CallHold {
    private static final long TOLD_MS = 60_000;

    private final CallNews news;
    private List<CallLimits> limits;
    /** Whether the places are taken. */
    private boolean taken = true;

    private int users = 1;
    private boolean answered;
    /** Whether it is known if the call was answered. */
    private boolean setupEnded;

    private boolean withdrawn;

    private long key;
    private long longestMs;
    /** Whether the other nodes were told of the call before it was answered. */
    private boolean told;
    /** Whether they have to be told that it has ended without an answer. */
    private boolean toldInVain;

    /** {@code limits}: those in which a place was taken. The creator is the first user. */
    CallHold(List<CallLimits> limits, CallNews news) {
        this.limits = limits;
        this.news = news;
    }

    /** A call of another node whose BYE has passed here; it has no places here. */
    static CallHold ofOtherNode(long key, CallNews news) {
        CallHold hold = new CallHold(List.of(), news);
        hold.taken = false;
        hold.key = key;
        return hold;
    }

    /** Another attempt may become the call. If the places were given back, they are taken again regardless of limits. */
    public void use() {
        users++;
        takeAgain();
    }

    private void takeAgain() {
        if (!taken) {
            taken = true;
            limits.forEach(CallLimits::force);
        }
    }

    /** An attempt cannot become the call any more, or has become it. */
    public void done() {
        users--;
        giveBackIfUnused();
    }

    /** Whether the other nodes were told of the call before it was answered. */
    public boolean isTold() {
        return told;
    }

    /**
     * Tells the other nodes of a call that is about to be answered, so that it keeps its places if this node dies. If
     * nothing follows, the caller may not have got the answer, and the call counts for a minute.
     *
     * @param call the key of the call
     * @param whenKnown run when another node knows of it, or after a moment, on any thread
     */
    public void tell(long call, Runnable whenKnown) {
        told = true;
        toldInVain = true;
        key = call;
        news.tell(call, TOLD_MS, limits, whenKnown);
    }

    /** A 2xx has arrived. */
    public void succeeded() {
        endSetup(true);
    }

    /** The setup ends because of another destination: unless it is answered, it does not count as a call here. */
    public void withdrawn() {
        withdrawn = true;
    }

    private void endSetup(boolean wasAnswered) {
        if (!setupEnded && (wasAnswered || !withdrawn)) {
            setupEnded = true;
            limits.forEach(one -> one.setupEnded(wasAnswered));
        }
    }

    /**
     * The call was answered: it keeps its places until {@link #ended}.
     *
     * @param call the key of the call
     * @param longest how long it counts at most, in milliseconds
     */
    public void answered(long call, long longest) {
        takeAgain();
        answered = true;
        key = call;
        longestMs = longest;
        toldInVain = false;
        news.answered(key, longestMs, limits);
    }

    /** Whether an answered call has these places. */
    public boolean isOfCall() {
        return answered;
    }

    /** An answered call has ended. */
    public void ended() {
        answered = false;
        news.ended(key);
        giveBackIfUnused();
    }

    /** A 2xx was processed. If it came late and began no call, nothing else ends what the other nodes were told. */
    public void settled() {
        giveBackIfUnused();
    }

    private void giveBackIfUnused() {
        if (taken && users <= 0 && !answered) {
            taken = false;
            limits.forEach(CallLimits::giveBack);
            endSetup(false);
        }
        if (toldInVain && users <= 0) {
            toldInVain = false;
            news.ended(key);
        }
    }

    /**
     * Takes the places over that the other one has for the same call. If they have a limit in common, as the two branches
     * of a fork, the other one keeps its places. After a late answer the other one may have given its places back; then
     * they are taken again.
     */
    public void join(CallHold other) {
        other.toldInVain = false;
        boolean overlaps = limits.stream().anyMatch(other.limits::contains);
        if (!other.limits.isEmpty() && !overlaps) {
            takeAgain();
            other.takeAgain();
            List<CallLimits> both = new ArrayList<>(limits);
            both.addAll(other.limits);
            limits = List.copyOf(both);
            other.limits = List.of();
            other.taken = false;
            if (answered) {
                news.answered(key, longestMs, limits);
            }
        }
    }
}
