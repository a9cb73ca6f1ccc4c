package org.sipdispatch.destination;

/** What the result of a ping shows about a destination. */
enum ProbeOutcome {
    /** The destination works. */
    GOOD,
    /** The destination works but accepts no new calls. */
    BUSY,
    /** The destination does not work. */
    BAD,
    /** The result says nothing about the destination. */
    NONE
}
