package org.sipdispatch.history;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts journal records that were deleted before the projection read them: a jump in a destination's sequence numbers.
 */
final class LostRecordCounter {
    private static final int MOST = 10_000;

    private final Map<String, Long> last = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };
    private long missed;

    /** The projection has read that record. */
    void onRecord(String persistenceId, long sequence) {
        Long before = last.put(persistenceId, sequence);
        if (before != null && sequence > before + 1) {
            missed += sequence - before - 1;
        }
    }

    /** Another projection has read records since: the next one of each destination shows no loss. */
    void forgetSequences() {
        last.clear();
    }

    /** Subtracts records that were counted as missing and arrived late. */
    void subtractLate(int count) {
        missed = Math.max(0, missed - count);
    }

    /** The count since the last call. */
    long takeCount() {
        long count = missed;
        missed = 0;
        return count;
    }
}
