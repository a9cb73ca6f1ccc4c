package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.cluster.FakeSource.row;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What three nodes make of one table. */
class ThreeNodesTest {
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = TestCluster.ofThree();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void eventuallyAllKnow(String destinations) {
        cluster.eventually(() -> cluster.traffic().equals(List.of(destinations, destinations, destinations)));
    }

    @Test
    void definitionsReachAllNodesAndOnePingsEachDestination() {
        assertThat(cluster.reload(2, row("a", "sip:a1"), row("a", "sip:a2"), row("b", "sip:b1"))
                        .error())
                .isEmpty();

        eventuallyAllKnow("a:1:sip:a1, a:1:sip:a2, b:1:sip:b1");
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:a1", "a:1:sip:a2", "b:1:sip:b1");
    }

    @Test
    void aReloadThatFailsChangesNothing() {
        cluster.reload(0, row("a", "sip:c1"), row("a", "sip:c2"));
        eventuallyAllKnow("a:1:sip:c1, a:1:sip:c2");
        List<Long> before = cluster.revisions();

        cluster.table.away = true;
        ReloadOutcome outcome = cluster.reload(1, row("a", "sip:c3"));
        cluster.table.away = false;

        assertThat(outcome.error()).contains("a database that answers");
        assertThat(cluster.revisions()).isEqualTo(before);
        eventuallyAllKnow("a:1:sip:c1, a:1:sip:c2");
    }

    @Test
    void aDestinationThatWasRemovedIsPingedNoMore() {
        cluster.reload(0, row("a", "sip:d1"), row("a", "sip:d2"));
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:d1", "a:1:sip:d2");

        cluster.reload(1, row("a", "sip:d2"));

        eventuallyAllKnow("a:1:sip:d2");
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:d2");
    }

    @Test
    void anOperatorsHoldReachesAllNodes() {
        cluster.reload(0, row("a", "sip:e1"), row("a", "sip:e2"));
        eventuallyAllKnow("a:1:sip:e1, a:1:sip:e2");

        cluster.hold(2, "a:1:sip:e1");

        eventuallyAllKnow("a:1:sip:e1 out, a:1:sip:e2");
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:e2");
    }
}
