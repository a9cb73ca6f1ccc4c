package org.sipdispatch.proxy;

import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.TrafficViews;

/** The backoff of destinations, for all lanes and nodes. Thread-safe. */
public interface Backoffs {
    /** No destination is in backoff. */
    Backoffs NONE = new Backoffs() {
        @Override
        public void begin(Destination destination, long seconds) {
            // nothing to do
        }

        @Override
        public long remainingMs(SetId set) {
            return TrafficViews.NO_BACKOFF;
        }
    };

    /** A destination has asked for no new requests for so many seconds. */
    void begin(Destination destination, long seconds);

    /** See {@link TrafficViews#backoffMs}. */
    long remainingMs(SetId set);
}
