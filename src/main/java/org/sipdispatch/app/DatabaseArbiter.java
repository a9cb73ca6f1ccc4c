package org.sipdispatch.app;

import org.sipdispatch.membership.Arbiter;
import org.sipdispatch.store.CasResult;
import org.sipdispatch.store.LeaderRecord;
import org.sipdispatch.store.Store;

/** The cluster's database as the arbiter of partitions. */
record DatabaseArbiter(Store store) implements Arbiter {
    @Override
    public ClaimResult decide(String epoch, String side) {
        return answer(store.tieBreaks().decide(epoch, side));
    }

    @Override
    public Heartbeat read(String cluster) {
        LeaderRecord beat = store.leaders().read(cluster);
        if (beat.equals(LeaderRecord.SILENT)) {
            return new Heartbeat(ClaimResult.SILENT, "", 0);
        }
        return new Heartbeat(
                beat.equals(LeaderRecord.NONE) ? ClaimResult.NO : ClaimResult.YES, beat.owner(), beat.count());
    }

    @Override
    public ClaimResult renew(String cluster, String owner) {
        return answer(store.leaders().increment(cluster, owner));
    }

    @Override
    public ClaimResult takeOver(String cluster, String owner, Heartbeat seen) {
        LeaderRecord beat =
                seen.result() == ClaimResult.YES ? new LeaderRecord(seen.owner(), seen.count()) : LeaderRecord.NONE;
        return answer(store.leaders().takeOver(cluster, owner, beat));
    }

    private static ClaimResult answer(CasResult verdict) {
        return switch (verdict) {
            case WON -> ClaimResult.YES;
            case LOST -> ClaimResult.NO;
            case SILENT -> ClaimResult.SILENT;
        };
    }
}
