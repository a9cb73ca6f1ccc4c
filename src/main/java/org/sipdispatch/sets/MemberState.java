package org.sipdispatch.sets;

/** Whether a member of a set may receive traffic, and if not, why. */
public enum MemberState {
    /** Receives traffic. */
    USABLE("usable"),
    /** Works, but accepts no new calls. */
    BUSY("busy"),
    /** Works, and has asked with a Retry-After for no new requests for a while. */
    IN_BACKOFF("in backoff"),
    /** Receives a part of its requests after its return, and takes no part in the present selection. */
    SLOW_START("in its slow start"),
    /** Has failed and is pinged until it answers. */
    PROBING("not usable"),
    /** Held by an operator. */
    INACTIVE("not usable");

    private final String text;

    MemberState(String text) {
        this.text = text;
    }

    /** What a member in this state is, in an explanation. */
    String text() {
        return text;
    }
}
