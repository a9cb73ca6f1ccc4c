package org.sipdispatch.sets;

/** Whether a member of a set may receive traffic, and if not, why. */
public enum MemberState {
    /** Receives traffic. */
    USABLE,
    /** Works, but accepts no new calls. */
    BUSY,
    /** Has failed and is pinged until it answers. */
    PROBING,
    /** Held by an operator. */
    INACTIVE
}
