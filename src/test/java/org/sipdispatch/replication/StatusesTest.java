package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;

class StatusesTest {
    @Test
    void theNewerVersionStaysWhicheverCameFirst() {
        Statuses older = Statuses.EMPTY.with("a", Samples.status(1, 5, true));
        Statuses newer = Statuses.EMPTY.with("a", Samples.status(2, 0, false));

        assertThat(older.mergeData(newer).get("a")).isEqualTo(Samples.status(2, 0, false));
        assertThat(newer.mergeData(older).get("a")).isEqualTo(Samples.status(2, 0, false));
        assertThat(newer.with("a", Samples.status(1, 9, true))).isSameAs(newer);
    }

    @Test
    void theStartOfAnActorOnAResumedNodeReplacesNoChangeOfTheSameTerm() {
        Status started = Samples.status(3, 0, false);
        Status held = Samples.status(3, 2, true).withVersion(new StatusVersion(3, 2, 2));
        Statuses late = Statuses.EMPTY.with("a", started.withVersion(new StatusVersion(3, 0, 9)));
        Statuses confirmed = Statuses.EMPTY.with("a", held);

        assertThat(late.mergeData(confirmed).get("a")).isEqualTo(held);
        assertThat(confirmed.mergeData(late).get("a")).isEqualTo(held);
        assertThat(confirmed.mergeDeltaData(late).get("a")).isEqualTo(held);
        assertThat(confirmed.withAll(late.byId())).isSameAs(confirmed);
    }

    @Test
    void aDeltaHoldsWhatChangedSinceItWasTaken() {
        Statuses first = Statuses.EMPTY.with("a", Samples.status(1, 1, true)).resetDelta();
        Statuses second = first.with("b", Samples.status(1, 1, true)).with("c", Samples.status(1, 2, false));

        assertThat(first.deltaData()).isEmpty();
        assertThat(second.deltaData().orElseThrow().byId()).containsOnlyKeys("b", "c");
        assertThat(first.mergeDeltaData(second.deltaData().orElseThrow())).isEqualTo(second);
    }

    @Property
    void nodesAgreeRegardlessOfTheOrderInWhichTheyReceive(@ForAll("histories") List<Statuses> news) {
        Statuses forward = news.stream().reduce(Statuses.EMPTY, Statuses::mergeData);
        Statuses backward = news.stream().reduce(Statuses.EMPTY, (all, one) -> one.mergeData(all));
        Statuses twice = news.stream().reduce(forward, Statuses::mergeData);

        assertThat(backward).isEqualTo(forward);
        assertThat(twice).isEqualTo(forward);
    }

    @Provide
    Arbitrary<List<Statuses>> histories() {
        Arbitrary<Statuses> one = Combinators.combine(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.longs().between(1, 3),
                        Arbitraries.longs().between(0, 4),
                        Arbitraries.longs().between(1, 2))
                .as((id, term, change, node) -> Statuses.of(Map.of(
                        id,
                        Samples.status(term, change, (term + change + node) % 2 == 0)
                                .withVersion(new StatusVersion(term, change, node)))));
        return one.list().ofMaxSize(12);
    }
}
