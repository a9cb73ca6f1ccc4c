package org.sipdispatch.store;

/** What the database says to somebody who wants to be the one. */
public enum Verdict {
    /** It is you. */
    WON,
    /** It is somebody else. */
    LOST,
    /** The database did not answer in time; it may have heard, or not. */
    SILENT
}
