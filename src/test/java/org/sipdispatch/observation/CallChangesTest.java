package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.sets.Destination;

/** A reader of the changes knows the same calls in flight as one that reads all counts. */
class CallChangesTest {
    private static final int MEMBERS = 20;
    private static final int LANES = 2;

    private final Limits limits = new Limits();
    private final List<LaneCounters> lanes = List.of(new LaneCounters(limits), new LaneCounters(limits));
    private final List<Destination> members =
            IntStream.range(0, MEMBERS).mapToObj(i -> destination(1, i)).toList();
    private final DestinationLaneCounters[] readers = IntStream.range(0, MEMBERS)
            .mapToObj(i -> new DestinationLaneCounters(lanes, members.get(i).id()))
            .toArray(DestinationLaneCounters[]::new);
    private final CallChanges changes = new CallChanges(lanes, members);
    private final long[] kept = new long[MEMBERS];
    private int readAll;

    private static Destination destination(int set, int number) {
        return new Destination("default", set, "sip:10.0.0." + number, null, 1, 0, "", "");
    }

    private DestinationCounters counters(int lane, int set, int number) {
        return lanes.get(lane).destinations().of(destination(set, number), 0);
    }

    private long inFlight(int member) {
        return readers[member].sum(one -> one.openCalls() + one.ringing());
    }

    private void follow() {
        if (!changes.take(member -> kept[member] = inFlight(member))) {
            readAll++;
            IntStream.range(0, MEMBERS).forEach(member -> kept[member] = inFlight(member));
        }
    }

    private void assertKept() {
        follow();
        assertThat(kept)
                .containsExactly(
                        IntStream.range(0, MEMBERS).mapToLong(this::inFlight).toArray());
    }

    /** Destinations of another set have calls too. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itKnowsAllCalls(long seed) {
        Random random = new Random(seed);
        List<DestinationCounters> open = new ArrayList<>();

        for (int step = 0; step < 2000; step++) {
            DestinationCounters called =
                    counters(random.nextInt(LANES), 1 + random.nextInt(2), random.nextInt(MEMBERS));
            if (random.nextBoolean()) {
                called.addOpenCalls(1);
                open.add(called);
            } else if (random.nextInt(3) == 0) {
                called.target("10.0.0.9:5060").addRinging(1);
            } else if (!open.isEmpty()) {
                open.remove(random.nextInt(open.size())).addOpenCalls(-1);
            }
            if (random.nextInt(4) == 0) {
                assertKept();
            }
        }
        assertThat(readAll).isLessThan(20);
    }

    @Test
    void afterManyChangesItReadsAll() {
        assertKept();
        assertKept();
        int before = readAll;
        for (int i = 0; i <= CallLog.KEPT; i++) {
            counters(0, 1, i % MEMBERS).addRinging(1);
        }

        assertKept();

        assertThat(readAll).isEqualTo(before + 1);
    }

    /** As many changes as are kept: the lane may already overwrite the oldest one, and count that afterwards. */
    @Test
    void whenTheOldestChangeMayBeOverwrittenItReadsAll() {
        DestinationCounters counters = counters(0, 1, 0);
        assertKept();
        counters.addRinging(1);

        boolean known = changes.take(member -> {
            for (int i = 1; i < CallLog.KEPT; i++) {
                counters.addRinging(1);
            }
        });

        assertThat(known).isFalse();
    }

    /** A lane that had no room for a destination counts its calls when it has. */
    @Test
    void callsOfOneThatIsListedLaterCount() {
        DestinationCounterTable table = new DestinationCounterTable(1);
        DestinationCounters first = table.of(destination(1, 0), 0);
        table.sent(first, 0);
        DestinationCounters second = table.of(destination(1, 1), 0);
        second.addOpenCalls(1);
        long before = table.calls().written();

        table.sent(second, 48 * 3_600_000L);

        assertThat(table.places().get(0)).isSameAs(second);
        assertThat(table.calls().written()).isEqualTo(before + 1);
    }
}
