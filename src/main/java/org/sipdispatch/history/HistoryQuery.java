package org.sipdispatch.history;

/**
 * Selects entries of the history. A null or 0 does not restrict.
 *
 * @param destination a destination's id
 * @param idPrefix a prefix of destination ids: {@code trunks:} for a partition, {@code trunks:3:} for a set
 * @param who a substring of {@link HistoryEntry#who}
 * @param fromMs the earliest time, inclusive, in milliseconds since 1970
 * @param untilMs the latest time, exclusive, in milliseconds since 1970
 * @param after only entries with a higher id, -1 for all; the oldest come first then
 * @param before only entries with a lower id; without {@code after} the newest come first, and these are the entries
 *     that follow the given one in that order
 * @param most the maximum number of entries, 1 to 1000
 */
public record HistoryQuery(
        String destination, String idPrefix, String who, long fromMs, long untilMs, long after, long before, int most) {
    /** All entries after the given id, 0 for all; the oldest first. */
    public static HistoryQuery after(long id, int most) {
        return new HistoryQuery(null, null, null, 0, 0, afterValue(id), 0, most);
    }

    /** The value of {@link #after} for all entries after the given id, 0 for all. */
    public static long afterValue(long id) {
        return id == 0 ? -1 : id;
    }

    /** Whether the query selects by id only, so that the database needs no search. */
    boolean isById() {
        return destination == null && idPrefix == null && who == null && fromMs == 0 && untilMs == 0;
    }
}
