package org.sipdispatch.app;

import org.sipdispatch.membership.Arbiter;
import org.sipdispatch.store.Beat;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.Verdict;

/** The cluster's database as the arbiter of partitions. */
record StoreWitness(Store store) implements Arbiter {
    @Override
    public Answer settle(String epoch, String side) {
        return answer(store.ties().settle(epoch, side));
    }

    @Override
    public Sighting read(String cluster) {
        Beat beat = store.beats().read(cluster);
        if (beat.equals(Beat.SILENT)) {
            return new Sighting(Answer.SILENT, "", 0);
        }
        return new Sighting(beat.equals(Beat.NONE) ? Answer.NO : Answer.YES, beat.owner(), beat.count());
    }

    @Override
    public Answer beat(String cluster, String owner) {
        return answer(store.beats().beat(cluster, owner));
    }

    @Override
    public Answer take(String cluster, String owner, Sighting seen) {
        Beat beat = seen.answer() == Answer.YES ? new Beat(seen.owner(), seen.beat()) : Beat.NONE;
        return answer(store.beats().take(cluster, owner, beat));
    }

    private static Answer answer(Verdict verdict) {
        return switch (verdict) {
            case WON -> Answer.YES;
            case LOST -> Answer.NO;
            case SILENT -> Answer.SILENT;
        };
    }
}
