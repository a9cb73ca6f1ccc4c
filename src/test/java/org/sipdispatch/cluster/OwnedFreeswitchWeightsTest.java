package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.freeswitch.HeartbeatEvent;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.FreeswitchWeight;
import org.sipdispatch.replication.Samples;

class OwnedFreeswitchWeightsTest {
    private static final long SELF = 5;
    private static final long OTHER = 6;
    private static final EventSocketUrl FS1 = EventSocketUrl.parse("fs://:pw@fs1");
    private static final EventSocketUrl FS2 = EventSocketUrl.parse("fs://:pw@fs2");
    private static final HeartbeatEvent HALF = new HeartbeatEvent(500, 1000, 100);
    private static final String A = "default:1:sip:a";
    private static final String B = "default:1:sip:b";

    private final OwnedFreeswitchWeights weights = new OwnedFreeswitchWeights(100, SELF);

    private static DestinationsSnapshot snapshot(DestinationsSnapshot.KnownDestination... all) {
        return DestinationsSnapshot.of(1, Arrays.asList(all));
    }

    private static DestinationsSnapshot.KnownDestination known(
            String uri, EventSocketUrl url, long term, long node, FreeswitchWeight reported) {
        Definition definition = Samples.definition(1, uri, 100).withEventSocket(url);
        Status status = Samples.status(term, 0, false);
        StatusVersion version = new StatusVersion(term, 0, node);
        return new DestinationsSnapshot.KnownDestination(
                definition.id(),
                definition,
                new Status(version, false, false, false, 0, 0, false, status.sinceMs(), "probe", "200"),
                false,
                "",
                reported,
                0);
    }

    private static FreeswitchWeight report(
            long term, long count, EventSocketUrl url, int weight, boolean connected, long sinceMs) {
        return new FreeswitchWeight(new StatusVersion(term, count, SELF), url.toString(), weight, connected, sinceMs);
    }

    @Test
    void oneConnectionServesAllDestinationsOfAnEventSocket() {
        assertThat(weights.own(snapshot(
                        known("sip:a", FS1, 3, SELF, null),
                        known("sip:b", FS1, 4, SELF, null),
                        known("sip:c", FS2, 1, OTHER, null),
                        known("sip:d", null, 1, SELF, null))))
                .isEmpty();
        assertThat(weights.urls()).containsExactly(FS1);

        weights.subscribed(FS1, 1000);
        Map<String, FreeswitchWeight> news = weights.heartbeat(FS1, HALF, 2000);

        assertThat(news.keySet()).containsExactlyInAnyOrder(A, B);
        assertThat(news.values()).allMatch(one -> one.weight() == 50 && one.connected() && one.sinceMs() == 1000);
        assertThat(news.get(A).version().term()).isEqualTo(3);
        assertThat(news.get(B).version().term()).isEqualTo(4);
    }

    @Test
    void theSameHeartbeatAgainIsNoNews() {
        weights.own(snapshot(known("sip:a", FS1, 3, SELF, null)));
        weights.subscribed(FS1, 1000);
        weights.heartbeat(FS1, HALF, 2000);

        assertThat(weights.heartbeat(FS1, HALF, 3000)).isEmpty();
    }

    @Test
    void whileTheEventSocketIsAwayTheLastWeightStaysForATimeThenTheInitialOneApplies() {
        weights.own(snapshot(known("sip:a", FS1, 3, SELF, null)));
        weights.subscribed(FS1, 1000);
        weights.heartbeat(FS1, HALF, 2000);

        assertThat(weights.away(FS1, 3000)).containsValue(report(3, 3, FS1, 50, false, 3000));
        assertThat(weights.away(FS1, 4000)).isEmpty();
        assertThat(weights.keepOver(FS1, 5000)).containsValue(report(3, 4, FS1, 100, false, 3000));
        assertThat(weights.subscribed(FS1, 6000)).containsValue(report(3, 5, FS1, 100, true, 6000));
        assertThat(weights.heartbeat(FS1, HALF, 7000)).containsValue(report(3, 6, FS1, 50, true, 6000));
    }

    @Test
    void theNextNodeContinuesWithTheWeightOfThePreviousOne() {
        FreeswitchWeight previous = new FreeswitchWeight(new StatusVersion(3, 9, OTHER), FS1.toString(), 42, true, 500);
        weights.own(snapshot(known("sip:a", FS1, 3, OTHER, previous)));
        assertThat(weights.urls()).isEmpty();

        weights.own(snapshot(known("sip:a", FS1, 4, SELF, previous)));

        assertThat(weights.subscribed(FS1, 1000)).containsValue(report(4, 1, FS1, 42, true, 1000));
        weights.own(snapshot(known("sip:a", FS1, 5, OTHER, null)));
        assertThat(weights.urls()).isEmpty();
        assertThat(weights.heartbeat(FS1, HALF, 2000)).isEmpty();
    }

    @Test
    void aNewTermIsReportedSoThatNoReportOfAnotherNodeWins() {
        weights.own(snapshot(known("sip:a", FS1, 3, SELF, null)));
        weights.subscribed(FS1, 1000);

        assertThat(weights.own(snapshot(known("sip:a", FS1, 5, SELF, null))))
                .containsValue(report(5, 2, FS1, 100, true, 1000));
    }

    @Test
    void aDestinationThatJoinsHasTheWeightAtOnce() {
        weights.own(snapshot(known("sip:a", FS1, 3, SELF, null)));
        weights.subscribed(FS1, 1000);
        weights.heartbeat(FS1, HALF, 2000);

        Map<String, FreeswitchWeight> news =
                weights.own(snapshot(known("sip:a", FS1, 3, SELF, null), known("sip:b", FS1, 1, SELF, null)));

        assertThat(news).containsOnly(Map.entry(B, report(1, 3, FS1, 50, true, 1000)));
    }

    @Test
    void theReportOfADestinationThatIsDefinedNoLongerIsRemoved() {
        weights.own(snapshot(known("sip:a", FS1, 3, SELF, null), known("sip:b", FS1, 3, SELF, null)));

        assertThat(weights.own(snapshot(known("sip:b", null, 3, SELF, null)))).isEqualTo(both(null));
        assertThat(weights.urls()).isEmpty();
    }

    private static Map<String, FreeswitchWeight> both(FreeswitchWeight weight) {
        Map<String, FreeswitchWeight> all = new java.util.HashMap<>(Collections.singletonMap(A, weight));
        all.put(B, weight);
        return all;
    }
}
