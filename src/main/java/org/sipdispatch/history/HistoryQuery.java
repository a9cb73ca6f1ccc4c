package org.sipdispatch.history;

/**
 * Which lines of the history are wanted; what is null or 0 does not count.
 *
 * @param destination an id
 * @param idPrefix how the ids begin: {@code trunks:} for a partition, {@code trunks:3:} for a set
 * @param who part of who did it
 * @param fromMs from then on, in milliseconds since 1970
 * @param untilMs before then
 * @param after only those behind that place, -1 for all; then the oldest come first
 * @param before only those before that place; in a list, which begins with the newest, those that stand behind the entry
 *     at that place
 * @param most how many at most, 1 to 1000
 */
public record HistoryQuery(
        String destination, String idPrefix, String who, long fromMs, long untilMs, long after, long before, int most) {
    /** All that came behind that place, 0 for the beginning; the oldest first. */
    public static HistoryQuery after(long id, int most) {
        return new HistoryQuery(null, null, null, 0, 0, place(id), 0, most);
    }

    /** How {@link #after} is given for what came behind that place, 0 for the beginning. */
    public static long place(long id) {
        return id == 0 ? -1 : id;
    }

    /** Whether nothing but places counts, so that the answer needs no search. */
    boolean isByPlace() {
        return destination == null && idPrefix == null && who == null && fromMs == 0 && untilMs == 0;
    }
}
