package org.sipdispatch.transport;

import java.net.InetAddress;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.SourceShares;

/**
 * The memory that the TCP connections of a lane hold for incomplete messages and unsent bytes. Above the limit,
 * connections of the address that holds most are closed, first the one that has held memory for longest. One thread
 * only.
 */
final class TcpBuffers {
    private final long most;
    private final int lane;
    private final LaneInlet inlet;
    private final SourceShares<TcpAdmission> shares = new SourceShares<>();

    /** {@code most}: the limit for all connections together, in bytes. */
    TcpBuffers(long most, int lane, LaneInlet inlet) {
        this.most = most;
        this.lane = lane;
        this.inlet = inlet;
    }

    /** Sets how many bytes a connection holds. */
    void hold(TcpAdmission connection, long bytes) {
        if (bytes == 0) {
            release(connection);
        } else if (connection.isEvicted()) {
            return;
        } else if (connection.buffered == null) {
            connection.buffered = shares.add(connection.source, connection, bytes);
        } else {
            shares.setWeight(connection.buffered, bytes);
        }
        while (shares.released() > most) {
            evictOldest();
        }
    }

    /** Whether this address may hold more bytes, so that at most connections of other addresses are closed for them. */
    boolean mayHold(InetAddress source, long bytes) {
        if (shares.released() + bytes <= most) {
            return true;
        }
        SourceShares.SourceShare<TcpAdmission> own = shares.find(source);
        SourceShares.SourceShare<TcpAdmission> largest = shares.largest();
        boolean pays = largest == null || (own == null ? 0 : own.released()) + bytes >= largest.released();
        if (pays) {
            inlet.limits()
                    .hit(
                            Limit.MAX_BUFFERED,
                            LaneInlet.monotonicMs(),
                            () -> shares.released() + " bytes in lane " + lane + " (expected: " + most
                                    + " at most); a request of " + bytes + " bytes to " + source.getHostAddress()
                                    + " was not sent");
        }
        return !pays;
    }

    private void evictOldest() {
        SourceShares.SourceShare<TcpAdmission> largest = shares.largest();
        TcpAdmission oldest = largest.oldest().value();
        inlet.limits()
                .hit(
                        Limit.MAX_BUFFERED,
                        LaneInlet.monotonicMs(),
                        () -> shares.released() + " bytes in lane " + lane
                                + ", " + largest.released() + " of them with "
                                + largest.source().getHostAddress() + " (expected: "
                                + most + " at most); one of its connections was closed");
        release(oldest);
        oldest.evict(SendFailure.NO_MEMORY);
    }

    private void release(TcpAdmission connection) {
        if (connection.buffered != null) {
            shares.remove(connection.buffered);
            connection.buffered = null;
        }
    }
}
