package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;

/**
 * The records that are not in the journal yet, oldest first. One record at a time is being written; of consecutive
 * records that only count, only the newest waits. Not thread-safe.
 */
final class JournalBuffer {
    static final int MOST = 1000;

    private final List<JournalEntry> waiting = new ArrayList<>();
    private JournalEntry underWay;
    private StatusVersion newestSent;

    /** Returns the record that was dropped for it, where too many wait; null if none was. */
    JournalEntry add(JournalEntry recorded) {
        int last = waiting.size() - 1;
        if (last >= 0 && waiting.get(last).cause() == JournalEntry.ChangeCause.COUNT) {
            waiting.remove(last);
        }
        JournalEntry dropped = waiting.size() >= MOST ? waiting.remove(leastNeeded()) : null;
        waiting.add(recorded);
        return dropped;
    }

    /** The oldest that only evidence made. An order, or a removal, is dropped only if nothing else waits. */
    private int leastNeeded() {
        for (int i = 0; i < waiting.size(); i++) {
            if (!waiting.get(i).cause().isOrdered()) {
                return i;
            }
        }
        return 0;
    }

    void addFirst(JournalEntry recorded) {
        waiting.add(0, recorded);
    }

    /** The next record to write; null while one is being written or if there is none. */
    JournalEntry next() {
        if (underWay != null || waiting.isEmpty()) {
            return null;
        }
        underWay = waiting.remove(0);
        newestSent = underWay.status().version();
        return underWay;
    }

    void saved(StatusVersion version) {
        if (underWay != null && underWay.status().version().equals(version)) {
            underWay = null;
        }
    }

    /** The journal has restarted with this newest status, or none: repeats the pending write unless it succeeded. */
    void onJournalRestart(Status known) {
        if (underWay != null
                && !(known != null && known.version().equals(underWay.status().version()))) {
            waiting.add(0, underWay);
        }
        underWay = null;
    }

    /** Whether this version may have been sent from here. */
    boolean sent(StatusVersion version) {
        return newestSent != null
                && newestSent.term() == version.term()
                && newestSent.node() == version.node()
                && version.change() <= newestSent.change();
    }

    int size() {
        return waiting.size() + (underWay == null ? 0 : 1);
    }
}
