package org.sipdispatch.store;

/** Result of a compare-and-set for leadership or a tie-break. */
public enum CasResult {
    /** The caller won. */
    WON,
    /** Another node won. */
    LOST,
    /** The database did not answer in time; the change may or may not have been made. */
    SILENT
}
