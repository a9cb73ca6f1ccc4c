package org.sipdispatch.manage;

/** One of those that speak in a stream of events. Only called by the stream. */
interface Voice {
    /** Begins; from then on it wakes the stream when it has something to say. */
    void begin();

    /** What it has to say now, as whole events; null for nothing. */
    String next();

    /** Ends. */
    void end();
}
