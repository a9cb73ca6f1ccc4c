package org.sipdispatch.destination;

/** What a ping's end says of a destination. */
enum Evidence {
    /** It is alive. */
    GOOD,
    /** It is alive and wants no new calls. */
    BUSY,
    /** It does not work. */
    BAD,
    /** Nothing. */
    NONE
}
