package org.sipdispatch.proxy;

import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.Transport;

/**
 * The transport of one lane. A failure that shows after {@link #send} has returned is reported by
 * {@link RelayLane#notSent}, and to all that wait for an answer from there by {@link RelayLane#lost}. Called on the
 * lane's thread only.
 */
public interface LaneTransport extends Transport {
    /** Hands a message to the lane that owns its transaction; false if that one has too much to do. */
    boolean handOver(int lane, byte[] bytes, int offset, int length, Flow flow);
}
