package org.sipdispatch.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;

/** The order of what is listed. */
class ListsTest {
    private static final DestinationsSnapshot KNOWN = DestinationsSnapshot.of(
            1,
            Stream.of("zoo:1 z", "amber:10 a", "default:2 d", "amber:9 c", "default:1 e", "amber:9 b")
                    .map(ListsTest::row)
                    .toList());

    private static DestinationsSnapshot.KnownDestination row(String text) {
        String[] part = text.split("[: ]");
        Destination one = new Destination(part[0], Integer.parseInt(part[1]), "sip:" + part[2], null, 1, 0, "", "");
        return new DestinationsSnapshot.KnownDestination(new Definition(one, DestinationState.ACTIVE, false), null);
    }

    @Test
    void theDefaultPartitionIsFirstAndTheOthersFollowByName() {
        assertThat(DestinationQueries.all(KNOWN).sets())
                .extracting(set -> set.id().toString())
                .containsExactly("default:1", "default:2", "amber:9", "amber:10", "zoo:1");
    }

    @Test
    void destinationsAreInTheSameOrderAndThoseOfASetInThatOfPicks() {
        List<String> ids =
                DestinationQueries.matching(
                                KNOWN, new DestinationQueries.Filter(null, null, null, null, 0, Integer.MAX_VALUE))
                        .stream()
                        .map(one -> one.definition().id())
                        .toList();

        assertThat(ids)
                .containsExactly(
                        "default:1:sip:e",
                        "default:2:sip:d",
                        "amber:9:sip:c",
                        "amber:9:sip:b",
                        "amber:10:sip:a",
                        "zoo:1:sip:z");
    }
}
