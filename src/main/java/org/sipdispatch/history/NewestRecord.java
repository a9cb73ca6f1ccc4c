package org.sipdispatch.history;

import org.sipdispatch.destination.StatusVersion;

/**
 * The newest record of one destination in the history.
 *
 * @param version the highest version taken in, counter updates included
 * @param number the highest sequence number of its journal taken in
 * @param shown the status as operators see it since then
 * @param sortMs the sort time of its newest entry in lists
 */
record NewestRecord(StatusVersion version, long number, String shown, long sortMs) {
    /** The part of a status that operators see, as text. */
    static String shown(boolean removed, String state, boolean busy) {
        if (removed) {
            return "removed";
        }
        return busy ? state + " busy" : state;
    }

    /** The record after the destination's journal was deleted: sequence numbers and terms start again. */
    NewestRecord afterDeletion() {
        return new NewestRecord(StatusVersion.NONE, 0, shown, sortMs);
    }
}
