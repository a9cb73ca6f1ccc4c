package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /** The replicator encodes all statuses of a part after each change. */
    @Test
    void aChangeEncodesOnlyWhatChanged() {
        List<String> encoded = new ArrayList<>();
        Statuses.EntryEncoder encoder = (id, status) -> {
            encoded.add(id);
            return id.getBytes(StandardCharsets.UTF_8);
        };
        Statuses all = Statuses.of(IntStream.range(0, 1000)
                .boxed()
                .collect(Collectors.toMap(i -> "d" + i, i -> Samples.status(1, 0, false))));
        all.encode(encoder, bytes -> {});
        assertThat(encoded).hasSize(1000);
        encoded.clear();

        Statuses changed = all.with("d17", Samples.status(1, 1, true)).with("new", Samples.status(1, 0, false));
        changed.encode(encoder, bytes -> {});
        Statuses merged = all.mergeDeltaData(changed.deltaData().orElseThrow());
        merged.encode(encoder, bytes -> {});

        assertThat(encoded).containsExactlyInAnyOrder("d17", "new");
        List<String> order = new ArrayList<>();
        merged.encode(encoder, bytes -> order.add(new String(bytes, StandardCharsets.UTF_8)));
        assertThat(order).isSorted().hasSize(1001);
    }

    @Test
    void whatChangedSinceAnEarlierOneIsToldApart() {
        Statuses first = Statuses.of(Map.of("b", Samples.status(1, 1, true), "d", Samples.status(1, 1, true)));
        Statuses second = first.with("a", Samples.status(1, 1, true))
                .with("d", Samples.status(1, 2, false))
                .with("e", Samples.status(1, 1, true));

        assertThat(second.since(first)).containsOnlyKeys("a", "d", "e");
        assertThat(second.since(second.resetDelta())).isEmpty();
        assertThat(second.since(null)).isEqualTo(second.byId());
        assertThat(first.since(second)).as("it is compared by identity").containsOnlyKeys("d");
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
