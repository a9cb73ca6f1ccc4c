package org.sipdispatch.manage;

/** One of the sources of a client's stream of events. Only called by the stream. */
interface EventSource {
    /** From now on it wakes the stream when there is an event. */
    void begin();

    /** The text of the next events, which are whole; null if there are none now. */
    String next();

    void end();
}
