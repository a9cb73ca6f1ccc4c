package org.sipdispatch.transport;

import java.net.InetAddress;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.Shares;

/**
 * The slots for TCP connections of one kind in a lane: inbound or outbound. One remote address may occupy all of them
 * while no other needs one. When all are occupied, the address that has most connections loses the one that has been
 * idle for longest. One thread only.
 */
final class TcpPlaces {
    /** An address with less than one part in {@value} of the slots has few. */
    private static final int FEW = 16;

    /** The kind of connections: their limit, and whether only idle connections are closed for others. */
    record Kind(Limit limit, int most, boolean onlySilent) {}

    private final Kind kind;
    private final int lane;
    private final LaneInlet inlet;
    private final Limits limits;
    private final Shares<TcpPlace> shares = new Shares<>();

    TcpPlaces(Kind kind, int lane, LaneInlet inlet) {
        this.kind = kind;
        this.lane = lane;
        this.inlet = inlet;
        limits = inlet.limits();
    }

    /** Acquires a slot for an address, perhaps by closing another connection; null if there is none. */
    TcpPlace take(InetAddress source) {
        long nowMs = inlet.nowMs();
        if (shares.size() >= kind.most && !makeRoom(source, nowMs)) {
            return null;
        }
        TcpPlace place = new TcpPlace(source, nowMs);
        place.place = shares.add(source, place, 1);
        return place;
    }

    private boolean makeRoom(InetAddress source, long nowMs) {
        Shares.Share<TcpPlace> own = shares.find(source);
        Shares.Share<TcpPlace> largest = shares.largest();
        long ownPlaces = own == null ? 0 : own.released();
        boolean hasFewer = ownPlaces + 1 < largest.released();
        TcpPlace oldest = hasFewer ? largest.oldest().thing() : mostSilent(own);
        if (oldest.isSilent(nowMs) || hasFewer && !kind.onlySilent) {
            limits.hit(
                    kind.limit,
                    LaneInlet.realMs(),
                    () -> taken(largest) + "one from " + oldest.source.getHostAddress() + " was closed, silent for "
                            + (nowMs - oldest.usedMs) / 1_000 + " s, for one from " + source.getHostAddress());
            displace(oldest);
            return true;
        }
        if (ownPlaces < kind.most / FEW) {
            limits.full(kind.limit, LaneInlet.realMs(), () -> refused(largest, source));
        } else {
            limits.hit(kind.limit, LaneInlet.realMs(), () -> refused(largest, source));
        }
        return false;
    }

    /** The connection that is idle for longest, among those of this address and of the addresses that have most. */
    private TcpPlace mostSilent(Shares.Share<TcpPlace> own) {
        TcpPlace silent = own == null ? null : own.oldest().thing();
        for (Shares.Share<TcpPlace> one : shares.largestOnes()) {
            TcpPlace oldest = one.oldest().thing();
            silent = silent == null || oldest.silentSince() < silent.silentSince() ? oldest : silent;
        }
        return silent;
    }

    private String taken(Shares.Share<TcpPlace> largest) {
        return shares.size() + " in lane " + lane + ", " + largest.released() + " of them with "
                + largest.source().getHostAddress() + " (expected: " + kind.most + " at most); ";
    }

    private String refused(Shares.Share<TcpPlace> largest, InetAddress source) {
        return taken(largest) + "none is silent, and there is no place for one with " + source.getHostAddress();
    }

    /** Closes an idle connection of the address that has most, to free a resource that all kinds share. */
    void displaceOne() {
        Shares.Share<TcpPlace> largest = shares.largest();
        if (largest != null) {
            TcpPlace oldest = largest.oldest().thing();
            if (largest.released() > 1 || oldest.isSilent(inlet.nowMs())) {
                displace(oldest);
            }
        }
    }

    private void displace(TcpPlace one) {
        shares.remove(one.place);
        one.displace(SendFailure.CLOSED);
    }

    /** Records that bytes were sent or received. */
    void use(TcpPlace place) {
        place.use(inlet.nowMs());
        shares.touch(place.place);
    }

    /** Releases the slot of a closed connection. */
    void free(TcpPlace place) {
        shares.remove(place.place);
    }
}
