package org.sipdispatch.history;

import org.sipdispatch.destination.Version;

/**
 * The newest of what was taken in of one destination.
 *
 * @param version the newest, counters included
 * @param number the highest number of its journal that was taken in
 * @param shown what people see since then
 * @param sortMs where its newest entry stands in lists
 */
record Newest(Version version, long number, String shown, long sortMs) {
    /** What the history says of a status: all that people see. */
    static String shown(boolean removed, String state, boolean busy) {
        if (removed) {
            return "removed";
        }
        return busy ? state + " busy" : state;
    }

    /** The same after its journal was deleted: numbers and terms begin anew. */
    Newest begunAnew() {
        return new Newest(Version.NONE, 0, shown, sortMs);
    }
}
