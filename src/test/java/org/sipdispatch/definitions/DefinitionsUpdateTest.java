package org.sipdispatch.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.replication.DefinitionsCodec;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

class DefinitionsUpdateTest {
    private static final Definitions KNOWN =
            known(7, List.of(row("a", "sip:a1"), row("b", "sip:b1"), row("b", "sip:b2"), row("c", "sip:c1")));

    private static Definition row(String partition, String uri) {
        Destination destination = new Destination(partition, 1, uri, null, 1, 0, "", "");
        return new Definition(destination, DestinationState.ACTIVE, false);
    }

    private static Definitions known(long revision, List<Definition> rows) {
        return new Definitions(revision, 1, DefinitionsCodec.pack(rows));
    }

    private static List<String> uris(DefinitionsUpdate reloaded) {
        return DefinitionsCodec.unpack(reloaded.packed(), 0).stream()
                .map(definition -> definition.destination().uri())
                .toList();
    }

    @Test
    void theRowsOfAPartitionStandWhereItsOldOnesStood() {
        DefinitionsUpdate reloaded =
                DefinitionsUpdate.of(KNOWN, "b", false, List.of(row("b", "sip:b2"), row("b", "sip:b3")));

        assertThat(uris(reloaded)).containsExactly("sip:a1", "sip:b2", "sip:b3", "sip:c1");
        assertThat(reloaded.changes()).containsExactly("+ b:1:sip:b3", "- b:1:sip:b1");
    }

    @Test
    void aPartitionReadAgainAsItWasChangesNothing() {
        DefinitionsUpdate reloaded = DefinitionsUpdate.of(KNOWN, "a", false, List.of(row("a", "sip:a1")));

        assertThat(reloaded.changes()).isEmpty();
        assertThat(reloaded.isSameAs(KNOWN)).isTrue();
        assertThat(reloaded.isSameAs(Definitions.NONE)).isFalse();
    }

    @Test
    void aStateColumnThatChangedIsADifference() {
        Definition row = row("a", "sip:a1");
        DefinitionsUpdate reloaded = DefinitionsUpdate.of(
                KNOWN, "a", false, List.of(new Definition(row.destination(), DestinationState.PROBING, false)));

        assertThat(reloaded.changes()).isEmpty();
        assertThat(reloaded.isSameAs(KNOWN)).isFalse();
    }

    @Test
    void aPartitionThatHadNoRowsComesLast() {
        DefinitionsUpdate reloaded = DefinitionsUpdate.of(KNOWN, "d", false, List.of(row("d", "sip:d1")));

        assertThat(uris(reloaded)).containsExactly("sip:a1", "sip:b1", "sip:b2", "sip:c1", "sip:d1");
    }

    @Test
    void aPartitionThatLostItsRowsIsGone() {
        assertThat(uris(DefinitionsUpdate.of(KNOWN, "b", false, List.of()))).containsExactly("sip:a1", "sip:c1");
    }

    @Test
    void aPartitionLeftWithoutDestinationsIsNamedInAWarning() {
        String line = "partition: %s has no destination (expected: at least one);"
                + " requests that select from it cannot be dispatched";

        assertThat(DefinitionsUpdate.of(KNOWN, "b", false, List.of()).warnings())
                .containsExactly(line.formatted("b"));
        assertThat(DefinitionsUpdate.of(KNOWN, "", false, List.of(row("b", "sip:b1")))
                        .warnings())
                .containsExactly(line.formatted("a"), line.formatted("c"));
        assertThat(DefinitionsUpdate.of(KNOWN, "d", false, List.of()).warnings())
                .containsExactly(line.formatted("d"));
        assertThat(DefinitionsUpdate.of(KNOWN, "b", false, List.of(row("b", "sip:b9")))
                        .warnings())
                .isEmpty();
    }

    @Test
    void aTemporaryDestinationKeepsItsPartitionFromBeingEmpty() {
        Definitions known = known(7, List.of(row("a", "sip:a1"), temporary("a", "sip:t", 1)));

        assertThat(DefinitionsUpdate.of(known, "a", false, List.of()).warnings())
                .isEmpty();
        assertThat(DefinitionsUpdate.of(known, "a", true, List.of()).warnings()).hasSize(1);
    }

    @Test
    void whereNothingIsKnownAllThatWasReadCounts() {
        DefinitionsUpdate reloaded = DefinitionsUpdate.of(Definitions.NONE, "b", false, KNOWN.all());

        assertThat(uris(reloaded)).containsExactly("sip:a1", "sip:b1", "sip:b2", "sip:c1");
    }

    @Test
    void ofAllThatWasReadOnlyThePartitionCountsWhereOthersAreKnown() {
        DefinitionsUpdate reloaded =
                DefinitionsUpdate.of(KNOWN, "b", false, List.of(row("a", "sip:a9"), row("b", "sip:b9")));

        assertThat(uris(reloaded)).containsExactly("sip:a1", "sip:b9", "sip:c1");
    }

    private static Definition temporary(String partition, String uri, int weight) {
        return FakeSource.temporary(partition, uri, weight);
    }

    private static Definitions made(DefinitionsUpdate reloaded) {
        return reloaded.after(KNOWN, KNOWN, 1);
    }

    @Test
    void temporaryOnesStandBehindTheRowsOfTheirPartition() {
        Definitions known = made(DefinitionsUpdate.with(KNOWN, temporary("b", "sip:t1", 1)));
        known = made(DefinitionsUpdate.with(known, temporary("b", "sip:t2", 1)));
        known = made(DefinitionsUpdate.with(known, temporary("d", "sip:t3", 1)));
        assertThat(known.all())
                .extracting(one -> one.destination().uri())
                .containsExactly("sip:a1", "sip:b1", "sip:b2", "sip:t1", "sip:t2", "sip:c1", "sip:t3");

        DefinitionsUpdate reloaded =
                DefinitionsUpdate.of(known, "b", false, List.of(row("b", "sip:b2"), row("b", "sip:b3")));

        assertThat(uris(reloaded))
                .containsExactly("sip:a1", "sip:b2", "sip:b3", "sip:t1", "sip:t2", "sip:c1", "sip:t3");
        assertThat(reloaded.changes()).containsExactly("+ b:1:sip:b3", "- b:1:sip:b1");
    }

    @Test
    void aTemporaryOneThatIsAddedAgainIsChangedWhereItStands() {
        Definitions known = made(DefinitionsUpdate.with(KNOWN, temporary("a", "sip:t1", 1)));
        known = made(DefinitionsUpdate.with(known, temporary("a", "sip:t2", 1)));
        known = made(DefinitionsUpdate.withAttrs(known, List.of("a:1:sip:t1"), "free=3"));

        DefinitionsUpdate again = DefinitionsUpdate.with(known, temporary("a", "sip:t1", 9));

        assertThat(again.changes()).containsExactly("~ a:1:sip:t1 weight: 1 -> 9");
        assertThat(uris(again)).startsWith("sip:a1", "sip:t1", "sip:t2");
        assertThat(made(again).all().get(1).scriptAttrs()).isEqualTo("free=3");
    }

    @Test
    void aRowTakesThePlaceOfATemporaryOneOfItsName() {
        Definitions known = made(DefinitionsUpdate.with(KNOWN, temporary("a", "sip:t", 1)));

        DefinitionsUpdate reloaded =
                DefinitionsUpdate.of(known, "a", false, List.of(row("a", "sip:t"), row("a", "sip:a1")));

        assertThat(uris(reloaded)).startsWith("sip:t", "sip:a1", "sip:b1");
        assertThat(made(reloaded).all()).noneMatch(Definition::temporary);
        assertThat(reloaded.warnings())
                .containsExactly("destination: a:1:sip:t (expected: temporary or in a table or list, not both); "
                        + "its row is used now");
    }

    @Test
    void aReloadThatDropsTemporaryOnesDropsThoseOfItsPartition() {
        Definitions known = made(DefinitionsUpdate.with(KNOWN, temporary("a", "sip:t", 1)));
        known = made(DefinitionsUpdate.with(known, temporary("c", "sip:t", 1)));

        assertThat(DefinitionsUpdate.of(known, "c", true, List.of(row("c", "sip:c1")))
                        .changes())
                .containsExactly("- c:1:sip:t");
        assertThat(DefinitionsUpdate.of(known, "", true, KNOWN.all()).changes())
                .containsExactly("- a:1:sip:t", "- c:1:sip:t");
    }

    @Test
    void pushedAttributesStayWithTheirDestinationUntilTheyAreTakenAway() {
        Definitions known = made(DefinitionsUpdate.withAttrs(KNOWN, List.of("b:1:sip:b1", "b:1:sip:b2"), "free=3"));

        known = made(DefinitionsUpdate.of(known, "b", false, List.of(row("b", "sip:b9"), row("b", "sip:b2"))));
        assertThat(known.all()).extracting(Definition::scriptAttrs).containsExactly("", "", "free=3", "");

        DefinitionsUpdate away = DefinitionsUpdate.withAttrs(known, List.of("b:1:sip:b2"), "");
        assertThat(away.changes()).containsExactly("~ b:1:sip:b2 script attrs: free=3 -> nothing");
    }

    @Test
    void whatANodeRemembersKeepsTemporaryOnesAndPushedAttributes() {
        Definitions known = made(DefinitionsUpdate.withAttrs(KNOWN, List.of("a:1:sip:a1"), "free=3"));
        known = made(DefinitionsUpdate.with(known, temporary("a", "sip:t", 1)));
        List<DestinationsSnapshot.KnownDestination> all = known.all().stream()
                .map(one -> new DestinationsSnapshot.KnownDestination(one, null))
                .toList();

        DefinitionsUpdate remembered = DefinitionsUpdate.remembered(DestinationsSnapshot.of(8, all));

        assertThat(DefinitionsCodec.unpack(remembered.packed(), 8)).isEqualTo(known.all());
    }

    @Test
    void theNextRevisionIsNewerThanAnyThatIsKnown() {
        DefinitionsUpdate reloaded = DefinitionsUpdate.of(Definitions.NONE, "", false, KNOWN.all());

        assertThat(reloaded.after(Definitions.NONE, KNOWN, 3).revision()).isEqualTo(8);
        assertThat(reloaded.after(KNOWN, Definitions.NONE, 3).revision()).isEqualTo(8);
        assertThat(reloaded.after(Definitions.NONE, KNOWN, 3).node()).isEqualTo(3);
    }

    @Test
    void whatANodeRemembersKeepsTheOrderOfItsRows() {
        List<DestinationsSnapshot.KnownDestination> grouped = List.of(
                new DestinationsSnapshot.KnownDestination(KNOWN.all().get(2), null),
                new DestinationsSnapshot.KnownDestination(KNOWN.all().get(0), null));

        assertThat(uris(DefinitionsUpdate.remembered(DestinationsSnapshot.of(7, grouped))))
                .containsExactly("sip:a1", "sip:b2");
    }

    @Test
    void whatDoesNotFitAFrameIsRefused() {
        Random random = new Random(1);
        List<Definition> rows = IntStream.range(0, 150)
                .mapToObj(i -> {
                    StringBuilder attrs = new StringBuilder();
                    random.ints(10_000, ' ', '~').forEach(letter -> attrs.append((char) letter));
                    return new Destination("a", 1, "sip:" + i, null, 1, 0, attrs.toString(), "");
                })
                .map(destination -> new Definition(destination, DestinationState.ACTIVE, false))
                .toList();

        assertThatThrownBy(() -> DefinitionsUpdate.of(KNOWN, "", false, rows))
                .isInstanceOf(SettingException.class)
                .hasMessageMatching("partitions: 150 destinations, \\d+ bytes when packed "
                        + "\\(expected: at most 921600 bytes, so that they reach the other nodes\\)");
    }
}
