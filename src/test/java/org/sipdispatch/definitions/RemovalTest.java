package org.sipdispatch.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.definitions.FakeSource.row;
import static org.sipdispatch.definitions.FakeSource.temporary;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Removal;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.replication.DefinitionsCodec;

/** Who removed destinations, and why. */
class RemovalTest {
    private static final Removal ANN = new Removal(5, "ann", "reload");
    private static final Removal BOB = new Removal(8, "bob", "removed");

    @Test
    void theOneBetweenTwoRevisionsIsFound() {
        assertThat(Removal.between(List.of(ANN, BOB), 5, 9)).isEqualTo(BOB);
        assertThat(Removal.between(List.of(ANN, BOB), 4, 5)).isEqualTo(ANN);
    }

    @Test
    void nobodyIsNamedWhereItMayHaveBeenSeveralOrNone() {
        assertThat(Removal.between(List.of(ANN, BOB), 4, 8)).isEqualTo(Removal.UNKNOWN);
        assertThat(Removal.between(List.of(ANN, BOB), 5, 7)).isEqualTo(Removal.UNKNOWN);
    }

    @Test
    void theNewestAreKept() {
        List<Removal> all = List.of();
        for (long revision : LongStream.rangeClosed(1, 50).toArray()) {
            all = Removal.with(all, new Removal(revision, "ann", ""));
        }

        assertThat(all).hasSize(20);
        assertThat(all.get(19).revision()).isEqualTo(50);
    }

    @Test
    void definitionsShowWhoRemovedOthers() {
        Definitions before = new Definitions(
                4,
                1,
                DefinitionsCodec.pack(List.of(row("a", "sip:a1"), temporary("a", "sip:t", 1)), true, List.of(ANN)));

        Definitions after = DefinitionsUpdate.without(before, "a:1:sip:t")
                .by("bob", "removed", before)
                .after(before, before, 1);

        assertThat(after.removals()).containsExactly(ANN, new Removal(5, "bob", "removed"));
        assertThat(after.all()).hasSize(1);
        assertThat(after.isLoaded()).isTrue();
    }

    @Test
    void whatTakesNothingAwayLeavesWhatWasKnown() {
        Definitions before = new Definitions(4, 1, DefinitionsCodec.pack(List.of(), true, List.of(ANN)));

        Definitions after = DefinitionsUpdate.with(before, temporary("a", "sip:t", 1))
                .by("bob", "added", before)
                .after(before, before, 1);

        assertThat(after.removals()).containsExactly(ANN);
    }

    @Test
    void definitionsWithoutThemAreRead() {
        assertThat(new Definitions(4, 1, DefinitionsCodec.pack(List.of(row("a", "sip:a1")))).removals())
                .isEmpty();
    }
}
