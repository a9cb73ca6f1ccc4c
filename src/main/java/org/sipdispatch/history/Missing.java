package org.sipdispatch.history;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts the records that were deleted from the journal before they were taken: each destination numbers its own. */
final class Missing {
    private static final int MOST = 10_000;

    private final Map<String, Long> last = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };
    private long missed;

    /** That record is taken. */
    void took(String persistenceId, long sequence) {
        Long before = last.put(persistenceId, sequence);
        if (before != null && sequence > before + 1) {
            missed += sequence - before - 1;
        }
    }

    /** So many that were counted came late. */
    void found(int count) {
        missed = Math.max(0, missed - count);
    }

    /** How many there were since that was asked the last time. */
    long take() {
        long count = missed;
        missed = 0;
        return count;
    }
}
