package org.sipdispatch.limits;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Passes on which calls of this node were answered and have ended, to the other nodes. Keeps the calls of this node,
 * and those of all nodes that have ended, through all of its cluster sessions. Thread-safe.
 */
public final class CallNews {
    /** Another node counts an ended call for a few seconds at most while it hears this one. */
    private static final int MOST_ENDED = 100_000;

    /** Receives the news, on the threads of the lanes. */
    public interface Receiver {
        /** A call is about to be answered; {@code known} runs when another node knows of it, on any thread. */
        void told(AnsweredCall call, Runnable known);

        /** A call was answered, or has places in more limits. */
        void answered(AnsweredCall call);

        /** A call has ended, of this node or of another one, which is news. */
        void ended(long key);
    }

    private final boolean shared;
    private final Map<Long, AnsweredCall> calls = new HashMap<>();
    /** The calls of all nodes that have ended, the latest ones last. */
    private final Map<Long, Boolean> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MOST_ENDED;
        }
    };
    /** The numbers of this node in all of its sessions. */
    private final Set<Long> sessions = new HashSet<>();

    private Receiver receiver;

    /** {@code shared}: whether there may be other nodes. */
    CallNews(boolean shared) {
        this.shared = shared;
    }

    /**
     * Passes further news on, and first the calls that this node has.
     *
     * @param to null for nobody
     */
    public synchronized void passTo(Receiver to) {
        receiver = to;
        if (to != null) {
            calls.values().forEach(to::answered);
        }
    }

    /** A session of this node begins. {@code number}: that of this node in it. */
    synchronized void begin(long number) {
        sessions.add(number);
    }

    /**
     * Whether a call has ended. The other nodes may not know that: a node that was removed without noticing it sends
     * its news in vain. This node knows best which calls it has, in any of its sessions.
     */
    synchronized boolean isOver(long number, long key) {
        return ended.containsKey(key) || sessions.contains(number) && !calls.containsKey(key);
    }

    /** Another node says that a call has ended. */
    synchronized void endedElsewhere(long key) {
        ended.put(key, Boolean.TRUE);
    }

    /** The calls that have ended last. */
    synchronized List<Long> endedLately(int most) {
        return ended.keySet().stream().skip(Math.max(0, ended.size() - most)).toList();
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
            calls.merge(key, call, (before, now) -> before.longestMs() > now.longestMs() ? before : now);
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
        boolean isNews = ended.put(key, Boolean.TRUE) == null;
        if (isNews && receiver != null) {
            receiver.ended(key);
        }
    }
}
