package org.sipdispatch.sets;

import java.util.List;
import java.util.function.LongSupplier;

/** What a node knows of destinations in addition to their definitions. Thread-safe. */
public interface DestinationFacts {
    /** Knows nothing. */
    DestinationFacts NONE = new DestinationFacts() {
        @Override
        public LongSupplier reader(FigurePattern figure, Destination destination) {
            return () -> 0;
        }

        @Override
        public String scriptAttrs(Destination destination) {
            return "";
        }
    };

    /**
     * Returns a reader of the current value of one figure of one destination; 0 while there is none. A reader is cheap
     * to call for each request, on any thread; obtain it once and keep it.
     */
    LongSupplier reader(FigurePattern figure, Destination destination);

    /** What tells one reader which values of the figure of these members have changed, all of one set; obtain it once. */
    default FigureChanges changes(FigurePattern figure, List<Destination> members) {
        return FigureChanges.UNKNOWN;
    }

    /** The script attributes of the destination; empty if it has none. */
    String scriptAttrs(Destination destination);

    /**
     * The load of the destination; {@link DestinationLoad#NONE} if it is not measured. Obtain it once and keep it.
     */
    default DestinationLoad load(Destination destination) {
        return DestinationLoad.NONE;
    }

    /** How often the latencies of destinations have been measured: a number that grows about once a second. */
    default long measurements() {
        return 0;
    }
}
