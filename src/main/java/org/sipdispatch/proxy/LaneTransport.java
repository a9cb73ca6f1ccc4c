package org.sipdispatch.proxy;

import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.Transport;

/**
 * The transport of one lane. If a failure is detected after {@link #send} has returned, {@link RelayLane#notSent}
 * reports it, and {@link RelayLane#transportError} reports it to all transactions that wait for a response from that
 * address. Call only on the lane's thread.
 */
public interface LaneTransport extends Transport {
    /** Passes a message to the lane that owns its transaction. Returns false if that lane is overloaded. */
    boolean handOver(int lane, byte[] bytes, int offset, int length, Flow flow);
}
