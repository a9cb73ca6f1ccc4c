package org.sipdispatch.app;

import org.sipdispatch.membership.Arbiter;
import org.sipdispatch.store.CasResult;
import org.sipdispatch.store.LeaderRecord;
import org.sipdispatch.store.Store;

/** The cluster's database as the arbiter of partitions. */
record DatabaseArbiter(Store store) implements Arbiter {
    @Override
    public Answer decide(String epoch, String side) {
        return answer(store.tieBreaks().decide(epoch, side));
    }

    @Override
    public Heartbeat read(String cluster) {
        LeaderRecord beat = store.leaders().read(cluster);
        if (beat.equals(LeaderRecord.SILENT)) {
            return new Heartbeat(Answer.SILENT, "", 0);
        }
        return new Heartbeat(beat.equals(LeaderRecord.NONE) ? Answer.NO : Answer.YES, beat.owner(), beat.count());
    }

    @Override
    public Answer renew(String cluster, String owner) {
        return answer(store.leaders().increment(cluster, owner));
    }

    @Override
    public Answer takeOver(String cluster, String owner, Heartbeat seen) {
        LeaderRecord beat =
                seen.answer() == Answer.YES ? new LeaderRecord(seen.owner(), seen.count()) : LeaderRecord.NONE;
        return answer(store.leaders().takeOver(cluster, owner, beat));
    }

    private static Answer answer(CasResult verdict) {
        return switch (verdict) {
            case WON -> Answer.YES;
            case LOST -> Answer.NO;
            case SILENT -> Answer.SILENT;
        };
    }
}
