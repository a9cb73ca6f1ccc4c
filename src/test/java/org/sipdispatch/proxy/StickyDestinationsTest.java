package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;

/** The destination that accepted a request with a key gets the later ones. */
class StickyDestinationsTest {
    private static final String STICKY = """
        rules = [ { select { set = 1, flags = F }, sticky { key = "$fu", for = 1h } } ]
        """;
    private static final long HOUR_MS = 3_600_000;

    private final LaneFixture fixture = LaneFixture.stateful(STICKY);
    private int number;

    /** A new request of this user. */
    private String of(String method, String user) {
        number++;
        return request(method)
                .replace("z9hG4bKc1", "z9hG4bKs" + number)
                .replace("c1@", "s" + number + "@")
                .replace("sip:alice@", "sip:" + user + "@");
    }

    /** The second destination accepts a request of this user, because the first one is overloaded. */
    private void acceptedBySecond(LaneFixture lane, String user) {
        lane.callerSends(of("REGISTER", user));
        lane.destinationAnswers(503);
        lane.destinationAnswers(200);
        lane.sent();
    }

    /** Where a new request of this user goes first. */
    private String first(LaneFixture lane, String user) {
        lane.sent();
        lane.callerSends(of("MESSAGE", user));
        String first = lane.lastOf("MESSAGE").toString();
        lane.destinationAnswers(404);
        return first.substring(first.length() - 2);
    }

    @Test
    void laterRequestsWithTheKeyGoToTheDestinationThatAcceptedTheFirst() {
        acceptedBySecond(fixture, "alice");

        assertThat(first(fixture, "alice")).isEqualTo("d2");
        assertThat(first(fixture, "bob")).isEqualTo("d1");
        assertThat(fixture.counters.get(LaneCounter.TO_STICKY)).isEqualTo(1);
    }

    @Test
    void theKeyMayContainTheSetOfTheSender() {
        LaneFixture bySet = LaneFixture.stateful("""
            rules = [ {
              when.in-set = any, select { set = 1, flags = F }, sticky { key = "$ds(in-set) $fu", for = 1h }
            } ]
            """);
        bySet.set(7, "sip:192.0.2.1");
        acceptedBySecond(bySet, "alice");

        assertThat(first(bySet, "alice")).isEqualTo("d2");
    }

    @Test
    void aCallIsKeptTogetherToo() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(180);
        assertThat(first(fixture, "alice")).isEqualTo("d1");

        fixture.answers(fixture.lastOf("INVITE"), 200);

        assertThat(first(fixture, "alice")).isEqualTo("d2");
    }

    @Test
    void theTimeBeginsAgainWithEach2xx() {
        acceptedBySecond(fixture, "alice");
        fixture.passes(HOUR_MS / 2);
        fixture.callerSends(of("REGISTER", "alice"));
        fixture.destinationAnswers(200);
        fixture.passes(HOUR_MS - 1_000);

        assertThat(first(fixture, "alice")).isEqualTo("d2");

        fixture.passes(2_000);
        assertThat(first(fixture, "alice")).isEqualTo("d1");
    }

    @Test
    void aKeyMovesToTheDestinationThatAcceptsAfterFailover() {
        acceptedBySecond(fixture, "alice");
        fixture.callerSends(of("MESSAGE", "alice"));
        fixture.destinationAnswers(503);
        LaneFixture.Sent next = fixture.lastOf("MESSAGE");
        fixture.destinationAnswers(200);

        assertThat(next.toString()).isNotEqualTo("MESSAGE to d2");
        assertThat("MESSAGE to " + first(fixture, "alice")).isEqualTo(next.toString());
    }

    @Test
    void ofTwoRequestsAtOnceTheFirst2xxDecides() {
        fixture.callerSends(of("REGISTER", "alice"));
        LaneFixture.Sent slow = fixture.lastOf("REGISTER");
        acceptedBySecond(fixture, "alice");

        fixture.answers(slow, 200);

        assertThat(first(fixture, "alice")).isEqualTo("d2");
    }

    @Test
    void aDestinationThatTakesNoTrafficIsNotTried() {
        acceptedBySecond(fixture, "alice");
        fixture.takesOut("sip:10.0.0.2");

        assertThat(first(fixture, "alice")).isEqualTo("d1");
    }

    @Test
    void aRequestWithoutTheValueHasNoKey() {
        LaneFixture agent = LaneFixture.stateful(STICKY.replace("$fu", "$ua"));
        acceptedBySecond(agent, "alice");

        assertThat(first(agent, "alice")).isEqualTo("d1");
    }

    @Test
    void otherNodesLearnTheKeys() {
        LaneFixture other = LaneFixture.stateful(STICKY);
        fixture.hasPeers();
        acceptedBySecond(fixture, "alice");
        fixture.passes(20);

        other.carries(fixture.carried);

        assertThat(first(other, "alice")).isEqualTo("d2");
    }

    @Test
    void aNodeThatJoinsLearnsTheKeys() {
        LaneFixture other = LaneFixture.stateful(STICKY);
        acceptedBySecond(fixture, "alice");
        assertThat(fixture.carried).isEmpty();

        fixture.hasPeers().passes(20);
        other.carries(fixture.carried);

        assertThat(first(other, "alice")).isEqualTo("d2");
    }

    @Test
    void aKeyThatEndsNowCostsANodeThatJoinsNoOtherKey() {
        LaneFixture other = LaneFixture.stateful(STICKY);
        fixture.isLaterBy(3);
        acceptedBySecond(fixture, "ends");
        fixture.passes(HOUR_MS / 2);
        acceptedBySecond(fixture, "alice");
        fixture.passes(HOUR_MS / 2 - 20).isLaterBy(2).hasPeers().passes(20);

        other.carries(fixture.carried);

        assertThat(other.counters.get(LaneCounter.MALFORMED_CARRIED)).isZero();
        assertThat(first(other, "alice")).isEqualTo("d2");
    }

    /** Nodes of an earlier version send it. */
    @Test
    void aRecordWhoseTimeIsOverIsSkipped() {
        LaneFixture other = LaneFixture.stateful(STICKY);
        fixture.hasPeers();
        acceptedBySecond(fixture, "ended");
        acceptedBySecond(fixture, "alice");
        fixture.passes(20);
        byte[] batch = fixture.carried.get(0);
        ByteBuffer.wrap(batch).putLong(1 + 8 + 8 + 4, -1);

        other.carries(List.of(batch));

        assertThat(other.counters.get(LaneCounter.MALFORMED_CARRIED)).isZero();
        assertThat(first(other, "ended")).isEqualTo("d1");
        assertThat(first(other, "alice")).isEqualTo("d2");
    }

    @Test
    void twoNodesAgreeOnOneDestination() {
        LaneFixture other = LaneFixture.stateful(STICKY).hasPeers();
        fixture.hasPeers();
        acceptedBySecond(fixture, "alice");
        other.callerSends(of("REGISTER", "alice"));
        other.destinationAnswers(200);
        fixture.passes(20);
        other.passes(20);
        List<byte[]> ofOther = List.copyOf(other.carried);

        other.carries(fixture.carried);
        fixture.carries(ofOther);

        assertThat(first(other, "alice")).isEqualTo(first(fixture, "alice"));
    }

    @Test
    void aNewerDestinationReplacesAnOlderOne() {
        LaneFixture other = LaneFixture.stateful(STICKY);
        fixture.hasPeers();
        acceptedBySecond(fixture, "alice");
        fixture.passes(20);
        fixture.callerSends(of("MESSAGE", "alice"));
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(200);
        fixture.passes(20);

        // Also in the wrong order.
        other.carries(List.of(fixture.carried.get(1), fixture.carried.get(0)));

        assertThat(first(other, "alice")).isEqualTo(first(fixture, "alice")).isNotEqualTo("d2");
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "20", "33"})
    void aMalformedBatchIsCounted(int length) {
        fixture.hasPeers();
        acceptedBySecond(fixture, "alice");
        fixture.passes(20);
        byte[] bytes = java.util.Arrays.copyOf(fixture.carried.get(0), length);
        LaneFixture other = LaneFixture.stateful(STICKY);

        other.carries(List.of(bytes));

        assertThat(other.counters.get(LaneCounter.MALFORMED_CARRIED)).isEqualTo(length == 1 ? 0 : 1);
        assertThat(first(other, "alice")).isEqualTo("d1");
    }

    @Test
    void ifThereAreTooManyKeysTheSourceWithMostLosesItsOldest() {
        LaneFixture small = LaneFixture.stateful(STICKY + "relay.sticky-memory = 1024");
        acceptedBySecond(small, "early");
        for (int i = 0; i < 1024; i++) {
            acceptedBySecond(small, "user" + i);
        }

        assertThat(first(small, "early")).isEqualTo("d1");
        assertThat(first(small, "user1023")).isEqualTo("d2");
        assertThat(small.counters.limits().hits(Limit.STICKY_MEMORY)).isEqualTo(1);
    }

    @Test
    void theExplanationSaysWhyTheDestinationIsFirst() {
        acceptedBySecond(fixture, "alice");

        assertThat(fixture.explained(of("MESSAGE", "alice")).reason())
                .startsWith("its sticky key belongs to sip:10.0.0.2: first to udp:10.0.0.2:5060");
    }
}
