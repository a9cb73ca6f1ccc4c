package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Destination;

/** How many destinations a lane has counters for, and for how long. */
class DestinationCounterTableTest {
    private static final long HOUR_MS = 3_600_000;

    private final DestinationCounterTable destinations = new DestinationCounterTable(40);

    private static Destination destination(int number) {
        return new Destination("default", 1, "sip:10.0.0." + number, null, 1, 0, "", "");
    }

    private DestinationCounters sent(int number, long nowMs) {
        DestinationCounters counters = destinations.of(destination(number), nowMs);
        destinations.sent(counters, nowMs);
        return counters;
    }

    private DestinationCounterTable.SearchResult search(int number, DestinationCounterTable.SearchResult previous) {
        return destinations.find(destination(number).id(), previous);
    }

    private List<DestinationTraffic> seen() {
        List<DestinationTraffic> all = new ArrayList<>();
        destinations.forEach(all::add);
        return all;
    }

    @Test
    void eachIsSeenOnce() {
        for (int i = 0; i < 40; i++) {
            sent(i, 0);
            sent(i, 0);
        }

        assertThat(seen()).hasSize(40).allMatch(one -> one.requests() == 2);
    }

    @Test
    void equalRowsAreCountedApart() {
        Destination second = new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "", "", 2);
        sent(1, 0);
        destinations.sent(destinations.of(second, 0), 0);
        destinations.firstHit(destinations.of(second, 0), 0);

        assertThat(seen()).extracting(DestinationTraffic::firstHits).containsExactlyInAnyOrder(0L, 1L);
        assertThat(seen()).extracting(DestinationTraffic::requests).containsExactly(1L, 1L);
    }

    @Test
    void beyondTheBoundNoneIsCounted() {
        for (int i = 0; i < 50; i++) {
            sent(i, 0);
        }

        assertThat(seen()).hasSize(40);
    }

    @Test
    void thoseThatWereNotUsedForADayMakeRoom() {
        for (int i = 0; i < 40; i++) {
            sent(i, 0);
        }
        sent(7, 23 * HOUR_MS);
        destinations.of(destination(8), 0).addOpenCalls(1);
        sent(100, 25 * HOUR_MS);

        assertThat(seen())
                .extracting(one -> one.destination().uri())
                .containsExactlyInAnyOrder("sip:10.0.0.7", "sip:10.0.0.8", "sip:10.0.0.100");
    }

    @Test
    void oneThatComesBackIsSeenAgain() {
        DestinationCounters first = sent(0, 0);
        for (int i = 1; i < 40; i++) {
            sent(i, 0);
        }
        sent(100, 25 * HOUR_MS);
        destinations.sent(first, 26 * HOUR_MS);

        assertThat(seen())
                .filteredOn(one -> one.destination().uri().endsWith(".0"))
                .singleElement()
                .extracting(DestinationTraffic::requests)
                .isEqualTo(2L);
    }

    @Test
    void whoComesBackWhenAnotherHasItsPlaceCountsThere() {
        DestinationCounters first = sent(0, 0);
        for (int i = 1; i < 40; i++) {
            sent(i, 0);
        }
        sent(100, 25 * HOUR_MS);
        sent(0, 26 * HOUR_MS);
        destinations.sent(first, 27 * HOUR_MS);
        first.replied(200);

        assertThat(seen())
                .filteredOn(one -> one.destination().uri().endsWith(".0"))
                .singleElement()
                .matches(one -> one.requests() == 2 && one.replies().get(1) == 1);
    }

    @Test
    void whatGoesOnWhenItComesBackEndsThere() {
        for (int i = 0; i < 40; i++) {
            sent(i, 0);
        }
        DestinationCounters unseen = sent(50, 0);
        unseen.addRinging(1);
        unseen.addOpenCalls(1);
        sent(100, 25 * HOUR_MS);
        DestinationCounters instead = sent(50, 26 * HOUR_MS);

        destinations.sent(unseen, 27 * HOUR_MS);
        destinations.sent(unseen, 27 * HOUR_MS);
        assertThat(instead.ringing()).isEqualTo(1);
        assertThat(instead.openCalls()).isEqualTo(1);
        unseen.addRinging(-1);
        unseen.addOpenCalls(-1);

        assertThat(instead.ringing()).isZero();
        assertThat(instead.openCalls()).isZero();
    }

    /** All readers search again when the table has moved its places: none reads the others' counters for that. */
    @Test
    void aSearchIsOneStep() {
        for (int i = 0; i < 40; i++) {
            sent(i, 0);
        }

        for (int i = 0; i < 40; i++) {
            DestinationCounterTable.SearchResult result = search(i, null);
            assertThat(result.found()).isSameAs(destinations.of(destination(i), 0));
            assertThat(result.next()).isEqualTo(40);
            assertThat(search(i, result)).isSameAs(result);
            assertThat(result.found().id()).isSameAs(result.found().id());
        }
    }

    @Test
    void aSearchIsRepeatedWhenTheDestinationMayHaveCome() {
        DestinationCounterTable.SearchResult none = search(1, null);
        sent(0, 0);
        DestinationCounterTable.SearchResult still = search(1, none);
        assertThat(search(1, still)).isSameAs(still);
        DestinationCounters counters = sent(1, 0);

        assertThat(none.found()).isNull();
        assertThat(still.found()).isNull();
        assertThat(search(1, still).found()).isSameAs(counters);
    }

    @Test
    void aSearchFindsTheNewCountersOfOneThatWasRemoved() {
        sent(0, 0);
        DestinationCounterTable.SearchResult before = search(0, null);
        for (int i = 1; i < 40; i++) {
            sent(i, 0);
        }
        sent(100, 25 * HOUR_MS);
        DestinationCounterTable.SearchResult removed = search(0, before);
        DestinationCounters again = sent(0, 26 * HOUR_MS);

        assertThat(before.found()).isNotNull();
        assertThat(removed.found()).isNull();
        assertThat(search(0, removed).found()).isSameAs(again);
    }

    @Test
    void theNewestDefinitionIsReported() {
        sent(1, 0);
        Destination other = new Destination("default", 1, "sip:10.0.0.1", null, 9, 0, "", "");
        destinations.of(other, 1);

        assertThat(seen().get(0).destination()).isSameAs(other);
    }
}
