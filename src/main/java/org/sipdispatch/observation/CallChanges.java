package org.sipdispatch.observation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.FigureChanges;

/** Which members of a set have other calls in flight, from the logs of all lanes. */
final class CallChanges implements FigureChanges {
    private final Map<String, Integer> membersById = new HashMap<>();
    private final int size;
    private final FollowedLane[] lanes;

    CallChanges(List<LaneCounters> lanes, List<Destination> members) {
        size = members.size();
        for (int i = 0; i < size; i++) {
            membersById.put(members.get(i).id(), i);
        }
        this.lanes = lanes.stream()
                .map(lane -> new FollowedLane(lane.destinations()))
                .toArray(FollowedLane[]::new);
    }

    @Override
    public boolean take(IntConsumer changed) {
        boolean known = true;
        for (FollowedLane lane : lanes) {
            known &= lane.take(changed);
        }
        return known;
    }

    /** How far the log of one lane has been read. */
    private final class FollowedLane {
        private static final int NO_MEMBER = -1;
        private static final int UNKNOWN = -2;

        private final DestinationCounterTable table;
        /** The table's places at the last call: when they move, all counts are read again. */
        private AtomicReferenceArray<DestinationCounters> places;
        /** The member at each place that was looked up. */
        private int[] members = {};

        private long read;

        FollowedLane(DestinationCounterTable table) {
            this.table = table;
        }

        boolean take(IntConsumer changed) {
            CallLog log = table.calls();
            AtomicReferenceArray<DestinationCounters> now = table.places();
            long from = read;
            read = log.written();
            if (now != places) {
                places = now;
                members = new int[now.length()];
                Arrays.fill(members, UNKNOWN);
                return false;
            } else if (read - from > size) {
                // To read all is no more work, and begins with a new order.
                return false;
            }
            for (long number = from; number < read; number++) {
                int member = member(log.place(number));
                if (member != NO_MEMBER) {
                    changed.accept(member);
                }
            }
            // With exactly so many, the lane may be overwriting the oldest one before it counts the new one.
            return log.written() - from < CallLog.KEPT;
        }

        private int member(int place) {
            if (place >= members.length) {
                // The lane has moved its places meanwhile: the next call notices that.
                return NO_MEMBER;
            }
            int known = members[place];
            if (known == UNKNOWN) {
                DestinationCounters counters = places.get(place);
                known = counters == null ? NO_MEMBER : membersById.getOrDefault(counters.id(), NO_MEMBER);
                members[place] = known;
            }
            return known;
        }
    }
}
