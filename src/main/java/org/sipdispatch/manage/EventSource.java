package org.sipdispatch.manage;

/** A source of events for one client's stream. Only the stream calls it. */
interface EventSource {
    /** Starts the source. From now on the source wakes the stream when there is an event. */
    void begin();

    /** The text of the next complete events; null if there are none now. */
    String next();

    void end();
}
