package org.sipdispatch.sets;

/**
 * The load of one destination as this node measures it, over all its lanes. Thread-safe; cheap enough to read at each
 * selection.
 */
public interface DestinationLoad {
    /** The load of a destination of which nothing is known. */
    DestinationLoad NONE = new DestinationLoad() {
        @Override
        public long inFlight() {
            return 0;
        }

        @Override
        public long latencyMicros() {
            return 0;
        }

        @Override
        public long usualLatencyMicros() {
            return 0;
        }

        @Override
        public boolean isIdle() {
            return false;
        }
    };

    /** Active calls, and INVITEs without a final response. */
    long inFlight();

    /**
     * The present time from a request to its first response in microseconds, an exponential moving average; 0 while
     * nothing has been measured.
     */
    long latencyMicros();

    /** The mean of the same time over the last two million requests at most, in microseconds; 0 likewise. */
    long usualLatencyMicros();

    /** What became of the calls to it in the last minutes; those of all nodes, as far as this one knows them. */
    default QualityCounts quality() {
        return QualityCounts.NONE;
    }

    /** Whether this node has sent no request to it for ten seconds, so that its latency may be out of date. */
    boolean isIdle();
}
