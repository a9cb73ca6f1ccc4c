package org.sipdispatch.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.replication.DefinitionsCodec;
import org.sipdispatch.replication.Samples;
import org.sipdispatch.sets.Destination;

class DefinitionsTest {
    @Test
    void whatIsPackedComesOutAgainWithItsPlace() {
        Destination whole = new Destination(
                "trunks", 7, "sip:ü@10.0.0.1;transport=tcp", "udp:10.0.0.9:5060", 65535, 3, "a=b;c", "x");
        Definition first = new Definition(whole, DestinationState.INACTIVE, true);
        Definition second = Samples.definition(1, "sip:10.0.0.2");

        List<Definition> all = new Definitions(4, 9, DefinitionsCodec.pack(List.of(first, second))).all();

        assertThat(all)
                .containsExactly(
                        new Definition(whole, DestinationState.INACTIVE, true, 0, 2, 4, "", false),
                        new Definition(second.destination(), DestinationState.ACTIVE, false, 1, 2, 4, "", false));
    }

    @Test
    void ordinalsTravelWithTheRows() {
        for (String socket : new String[] {null, "main"}) {
            Destination second = new Destination("default", 1, "sip:a", socket, 1, 0, "", "", 2);
            Definition definition = new Definition(second, DestinationState.ACTIVE, false, 0, 1, 3, "", false);

            assertThat(DefinitionsCodec.unpack(DefinitionsCodec.pack(List.of(definition)), 3))
                    .containsExactly(definition);
        }
    }

    @Test
    void theyTellWhetherAnythingWasRead() {
        assertThat(Definitions.NONE.isLoaded()).isFalse();
        assertThat(new Definitions(1, 9, DefinitionsCodec.pack(List.of(), false)).isLoaded())
                .isFalse();
        assertThat(new Definitions(1, 9, DefinitionsCodec.pack(List.of(), true)).isLoaded())
                .isTrue();
    }

    @Test
    void theLargerRevisionWins() {
        Definitions old = new Definitions(1, 9, DefinitionsCodec.pack(List.of()));
        Definitions fresh = new Definitions(2, 1, DefinitionsCodec.pack(List.of()));
        Definitions otherHalf = new Definitions(2, 5, DefinitionsCodec.pack(List.of()));

        assertThat(old.mergeData(fresh)).isSameAs(fresh);
        assertThat(fresh.mergeData(old)).isSameAs(fresh);
        assertThat(fresh.mergeData(otherHalf)).isSameAs(otherHalf);
        assertThat(otherHalf.mergeData(fresh)).isSameAs(otherHalf);
    }

    @Test
    void aChangeThatCannotBeMadeOfWhatOthersKnowIsRefusedWithItsReason() {
        Definitions mine = new Definitions(1, 9, DefinitionsCodec.pack(List.of()));
        Definitions newer = new Definitions(2, 9, DefinitionsCodec.pack(List.of(Samples.definition(1, "sip:a"))));
        ReplicatedDefinitions.PendingUpdate change = ReplicatedDefinitions.PendingUpdate.of(
                mine, known -> DefinitionsUpdate.with(known, Samples.definition(1, "sip:a")));

        ReplicatedDefinitions.UpdateOutcome made = new ReplicatedDefinitions(null, null, 5).apply(change, newer);

        assertThat(made.definitions()).isSameAs(newer);
        assertThat(made.failure()).hasMessageContaining("one that is in no table or list");
    }

    @Test
    void tenThousandRowsFitAFrame() {
        List<Definition> many = IntStream.range(0, 10_000)
                .mapToObj(
                        i -> Samples.definition(i % 50, "sip:10." + i % 200 + "." + i % 250 + "." + i / 250 + ":5060"))
                .toList();

        assertThat(DefinitionsCodec.pack(many)).hasSizeLessThan(512 * 1024);
    }
}
