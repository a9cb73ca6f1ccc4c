package org.sipdispatch.sets;

/** Whether a member of a set may receive traffic, and if not, why. */
public enum MemberState {
    /** Receives traffic. */
    USABLE,
    /** Works, but accepts no new calls. */
    BUSY,
    /** Works, and has asked with a Retry-After for no new requests for a while. */
    IN_BACKOFF,
    /** Receives a part of its requests after its return, and takes no part in the present selection. */
    SLOW_START,
    /** Has failed and is pinged until it answers. */
    PROBING,
    /** Held by an operator. */
    INACTIVE
}
