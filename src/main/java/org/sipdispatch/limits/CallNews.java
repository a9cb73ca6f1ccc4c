package org.sipdispatch.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Passes on which calls of this node were answered and have ended, to the other nodes. Keeps them while there is no cluster
 * session. Thread-safe.
 */
public final class CallNews {
    /** How many ended calls are kept between two sessions. */
    private static final int MOST_ENDED = 100_000;

    /** Receives the news, on the threads of the lanes. */
    public interface Receiver {
        /** A call is about to be answered; {@code known} runs when another node knows of it, on any thread. */
        void told(AnsweredCall call, Runnable known);

        /** A call was answered, or has places in more limits. */
        void answered(AnsweredCall call);

        /** A call has ended, of this node or of another one. */
        void ended(long key);
    }

    private final boolean shared;
    private final Map<Long, AnsweredCall> calls = new HashMap<>();
    private final List<Long> ended = new ArrayList<>();
    /** The numbers of this node in all of its sessions. */
    private final Set<Long> sessions = new HashSet<>();

    private Receiver receiver;

    /** {@code shared}: whether there may be other nodes. */
    CallNews(boolean shared) {
        this.shared = shared;
    }

    /**
     * Passes further news on, and first the calls that this node has, and those that have ended without a receiver.
     *
     * @param to null for nobody
     */
    public synchronized void passTo(Receiver to) {
        receiver = to;
        if (to != null) {
            ended.forEach(to::ended);
            ended.clear();
            calls.values().forEach(to::answered);
        }
    }

    /** A session of this node begins. {@code number}: that of this node in it. */
    synchronized void begin(long number) {
        sessions.add(number);
    }

    /**
     * Whether a call of an earlier session has ended. The other nodes may not know that: a node that was removed without
     * noticing it sends its news in vain.
     */
    synchronized boolean isOver(long session, long key) {
        return sessions.contains(session) && !calls.containsKey(key);
    }

    /** Whether there may be other nodes, whose calls may end here. */
    boolean isShared() {
        return shared;
    }

    /** Whether an answered call is one of this node. */
    public synchronized boolean has(long key) {
        return calls.containsKey(key);
    }

    /** Tells the other nodes of a call that is about to be answered; {@code known} runs when one of them knows of it. */
    void tell(long key, long longestMs, List<CallLimits> limits, Runnable known) {
        AnsweredCall call = call(key, longestMs, limits);
        Receiver to;
        synchronized (this) {
            calls.put(key, call);
            to = receiver;
        }
        if (to == null) {
            known.run();
        } else {
            to.told(call, known);
        }
    }

    private static AnsweredCall call(long key, long longestMs, List<CallLimits> limits) {
        return new AnsweredCall(
                key, longestMs, limits.stream().map(CallLimits::name).toList());
    }

    void answered(long key, long longestMs, List<CallLimits> limits) {
        if (shared) {
            answered(call(key, longestMs, limits));
        }
    }

    private synchronized void answered(AnsweredCall call) {
        calls.put(call.key(), call);
        if (receiver != null) {
            receiver.answered(call);
        }
    }

    void ended(long key) {
        if (shared) {
            end(key);
        }
    }

    private synchronized void end(long key) {
        calls.remove(key);
        if (receiver != null) {
            receiver.ended(key);
        } else if (ended.size() < MOST_ENDED) {
            ended.add(key);
        }
    }
}
