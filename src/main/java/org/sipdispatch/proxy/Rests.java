package org.sipdispatch.proxy;

import org.sipdispatch.sets.CalmViews;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;

/** The rests of destinations, of all lanes and nodes. Thread-safe. */
public interface Rests {
    /** Nothing rests. */
    Rests NONE = new Rests() {
        @Override
        public void rest(Destination destination, long seconds) {
            // nothing to do
        }

        @Override
        public long remainingMs(SetId set) {
            return CalmViews.NONE_RESTS;
        }
    };

    /** A destination has asked to be left alone for so many seconds. */
    void rest(Destination destination, long seconds);

    /** See {@link CalmViews#restsForMs}. */
    long remainingMs(SetId set);
}
