package org.sipdispatch.transport;

import java.net.InetAddress;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.SourceShares;

/**
 * The slots for TCP connections of one kind in a lane: inbound or outbound. One remote address may occupy all of them
 * while no other needs one. When all are occupied, the address that has most connections loses the one that has been
 * idle for longest. One thread only.
 */
final class TcpAdmissions {
    /** An address with less than one part in {@value} of the slots has few. */
    private static final int FEW = 16;

    /** The kind of connections: their limit, and whether only idle connections are closed for others. */
    record AdmissionPolicy(Limit limit, int most, boolean onlySilent) {}

    private final AdmissionPolicy policy;
    private final int lane;
    private final LaneInlet inlet;
    private final Limits limits;
    private final SourceShares<TcpAdmission> shares = new SourceShares<>();

    TcpAdmissions(AdmissionPolicy kind, int lane, LaneInlet inlet) {
        this.policy = kind;
        this.lane = lane;
        this.inlet = inlet;
        limits = inlet.limits();
    }

    /** Acquires a slot for an address, perhaps by closing another connection; null if there is none. */
    TcpAdmission acquire(InetAddress source) {
        long nowMs = inlet.nowMs();
        if (shares.size() >= policy.most && !evictFor(source, nowMs)) {
            return null;
        }
        TcpAdmission place = new TcpAdmission(source, nowMs);
        place.place = shares.add(source, place, 1);
        return place;
    }

    private boolean evictFor(InetAddress source, long nowMs) {
        SourceShares.SourceShare<TcpAdmission> own = shares.find(source);
        SourceShares.SourceShare<TcpAdmission> largest = shares.largest();
        long ownPlaces = own == null ? 0 : own.released();
        boolean hasFewer = ownPlaces + 1 < largest.released();
        TcpAdmission oldest = hasFewer ? largest.oldest().value() : longestIdle(own);
        if (oldest.isIdle(nowMs) || hasFewer && !policy.onlySilent) {
            limits.hit(
                    policy.limit,
                    LaneInlet.monotonicMs(),
                    () -> usage(largest) + "one from " + oldest.source.getHostAddress() + " was closed, silent for "
                            + (nowMs - oldest.usedMs) / 1_000 + " s, for one from " + source.getHostAddress());
            evict(oldest);
            return true;
        }
        if (ownPlaces * FEW < policy.most) {
            limits.full(policy.limit, LaneInlet.monotonicMs(), () -> refusal(largest, source));
        } else {
            limits.hit(policy.limit, LaneInlet.monotonicMs(), () -> refusal(largest, source));
        }
        return false;
    }

    /** The connection that is idle for longest, among those of this address and of the addresses that have most. */
    private TcpAdmission longestIdle(SourceShares.SourceShare<TcpAdmission> own) {
        TcpAdmission silent = own == null ? null : own.oldest().value();
        for (SourceShares.SourceShare<TcpAdmission> one : shares.largestOnes()) {
            TcpAdmission oldest = one.oldest().value();
            silent = silent == null || oldest.idleSince() < silent.idleSince() ? oldest : silent;
        }
        return silent;
    }

    private String usage(SourceShares.SourceShare<TcpAdmission> largest) {
        return shares.size() + " in lane " + lane + ", " + largest.released() + " of them with "
                + largest.source().getHostAddress() + " (expected: " + policy.most + " at most); ";
    }

    private String refusal(SourceShares.SourceShare<TcpAdmission> largest, InetAddress source) {
        return usage(largest) + "none is silent, and there is none left for " + source.getHostAddress();
    }

    /** Closes an idle connection of the address that has most, to free a resource that all kinds share. */
    void evictOne() {
        SourceShares.SourceShare<TcpAdmission> largest = shares.largest();
        if (largest != null) {
            TcpAdmission oldest = largest.oldest().value();
            if (largest.released() > 1 || oldest.isIdle(inlet.nowMs())) {
                evict(oldest);
            }
        }
    }

    private void evict(TcpAdmission one) {
        shares.remove(one.place);
        one.evict(SendFailure.CLOSED);
    }

    /** Records that bytes were sent or received. */
    void use(TcpAdmission place) {
        place.use(inlet.nowMs());
        shares.touch(place.place);
    }

    /** Releases the slot of a closed connection. */
    void release(TcpAdmission place) {
        shares.remove(place.place);
    }
}
