package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.Flow;

/**
 * Failover to the next destination, late responses of a destination that was given up, and the caller's final response.
 */
class FailoverTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504, 599})
    void aCodeOfTheListTriesTheNextDestination(int code) {
        fixture.callerSends(invite());

        fixture.destinationAnswers(code);

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", "INVITE to d2");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 302, 401, 404, 486, 487})
    void anyOtherCodeIsPassedOn(int code) {
        fixture.callerSends(invite());

        fixture.destinationAnswers(code);

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", code + " to caller");
    }

    @Test
    void a503TriesTheNextEvenIfItIsNotListed() {
        LaneFixture strict = LaneFixture.stateful("relay-defaults.failover = \"404\"");
        strict.callerSends(request("MESSAGE"));

        strict.destinationAnswers(503);

        assertThat(strict.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2");
    }

    @Test
    void whoWasTakenOutMeanwhileIsPassedOver() {
        fixture.callerSends(invite());
        fixture.takesOut("sip:10.0.0.2");

        fixture.destinationAnswers(503);

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", "INVITE to d3");
        assertThat(fixture.counters.get(LaneCounter.FAILOVERS)).isEqualTo(1);
    }

    @Test
    void theAnswerThatCameIsPassedOnIfAllOthersWereTakenOutMeanwhile() {
        fixture.callerSends(invite());
        fixture.takesOut("sip:10.0.0.2");
        fixture.takesOut("sip:10.0.0.3");

        fixture.destinationAnswers(500);

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", "500 to caller");
        assertThat(fixture.counters.get(LaneCounter.FAILOVERS)).isZero();
    }

    @Test
    void silenceTriesTheNextDestination() {
        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sentDuring(5_000)).endsWith("5000 MESSAGE to d2");
        assertThat(fixture.counters.get(LaneCounter.TIMEOUTS)).isEqualTo(1);
        assertThat(fixture.counters.get(LaneCounter.FAILOVERS)).isEqualTo(1);
    }

    @Test
    void silenceIsFinalWhere408IsNotListed() {
        LaneFixture strict = LaneFixture.stateful("relay-defaults.failover = \"5xx\"");
        strict.callerSends(request("MESSAGE"));

        assertThat(strict.sentDuring(5_000)).endsWith("5000 408 to caller");
    }

    @Test
    void aRefusedSendTriesTheNextDestinationAtOnce() {
        fixture.refuses("10.0.0.1:5060");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d2");
    }

    @Test
    void theReportOfAnUnreachableHostTriesTheNextDestinationAtOnce() {
        fixture.callerSends(request("MESSAGE"));

        fixture.isUnreachable(MAIN, "10.0.0.1:5060");

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2");
        assertThat(fixture.counters.get(LaneCounter.UNREACHABLE)).isEqualTo(1);
    }

    @Test
    void theReportOfAnUnreachableHostIsIgnoredOnceItAnswered() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.sent();

        fixture.isUnreachable(MAIN, "10.0.0.1:5060");

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void aHostIsWatchedOnlyWhereItIsSilentAndAnotherDestinationIsLeft() {
        fixture.set(1, "sip:10.0.0.1", "sip:10.0.0.2", "sip:10.0.0.3");
        fixture.callerSends(request("MESSAGE"));
        fixture.destinationAnswers(500);
        assertThat(fixture.watched).isEmpty();
        fixture.sentDuring(500);
        fixture.destinationAnswers(500);
        fixture.sentDuring(500);

        assertThat(fixture.watched)
                .extracting(hop -> hop.remote().getAddress().getHostAddress())
                .containsExactly("10.0.0.2");
    }

    @Test
    void aHostIsWatchedBeforeTheRequestIsRepeated() {
        fixture.callerSends(request("MESSAGE"));
        fixture.sent();
        assertThat(fixture.sentDuring(480)).isEmpty();
        assertThat(fixture.watched).isEmpty();

        assertThat(fixture.sentDuring(20)).hasSize(1);

        assertThat(fixture.watched).hasSize(1);
    }

    @Test
    void aHostOfAConnectionIsNotWatched() {
        fixture.set(1, "sip:10.0.0.1;transport=tcp", "sip:10.0.0.2");
        fixture.callerSends(request("MESSAGE"));
        fixture.sentDuring(2_000);

        assertThat(fixture.watched).isEmpty();
    }

    @Test
    void aConnectionThatCannotBeMadeTriesTheNextDestination() {
        fixture.set(1, "sip:10.0.0.1;transport=tcp", "sip:10.0.0.2");
        fixture.callerSends(request("MESSAGE"));

        fixture.isUnreachable(STREAM, "10.0.0.1:5060");

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2");
    }

    @Test
    void candidatesAreTriedInTheirOrderAndEachBranchIsItsOwn() {
        fixture.callerSends(request("MESSAGE"));
        String first = fixture.last().line("Via");
        fixture.destinationAnswers(500);
        String second = fixture.last().line("Via");
        fixture.destinationAnswers(500);
        String third = fixture.last().line("Via");

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2", "MESSAGE to d3");
        assertThat(first).isNotEqualTo(second).isNotEqualTo(third);
        assertThat(second).isNotEqualTo(third);
    }

    @Test
    void setsAreTriedInTheirOrderButAskedFromTheLast() {
        LaneFixture two = LaneFixture.stateful("rules = [ { select { set = \"1,2\", alg = \"4,0\", flags = F } } ]")
                .set(1, "sip:10.0.0.1")
                .set(2, "sip:10.0.0.2");
        two.callerSends(request("MESSAGE"));
        two.destinationAnswers(500);

        assertThat(two.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2");
        assertThat(two.asked).extracting(question -> question.set().number()).containsExactly(2, 1);
    }

    @Test
    void allAddressesOfADestinationAreTriedBeforeTheNextDestination() {
        fixture.host("gw.example.net", "10.0.0.1:5060", "10.0.0.2:5060").set(1, "sip:gw.example.net", "sip:10.0.0.3");
        fixture.callerSends(request("MESSAGE"));
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(503);

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2", "MESSAGE to d3");
    }

    @Test
    void anAnswerOtherThan503SkipsTheDestinationsOtherAddresses() {
        fixture.host("gw.example.net", "10.0.0.1:5060", "10.0.0.2:5060").set(1, "sip:gw.example.net", "sip:10.0.0.3");
        fixture.callerSends(request("MESSAGE"));
        fixture.destinationAnswers(500);

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d3");
    }

    @Test
    void aNameWithoutAddressesTriesTheNextDestination() {
        fixture.set(1, "sip:nowhere.example.net", "sip:10.0.0.3");
        fixture.namesAreSlow();
        fixture.callerSends(request("MESSAGE"));

        fixture.namesAreFound();

        assertThat(fixture.sent()).containsExactly("MESSAGE to d3");
    }

    @Test
    void aThousandDestinationsThatRefuseAreTriedOneByOne() {
        String[] many = IntStream.range(0, 1000)
                .mapToObj(i -> "sip:10.9." + i / 250 + "." + i % 250)
                .toArray(String[]::new);
        IntStream.range(0, 1000).forEach(i -> fixture.refuses("10.9." + i / 250 + "." + i % 250 + ":5060"));
        fixture.set(1, many);

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("500 to caller");
    }

    @Test
    void aLateProvisionalResponseOfAGivenUpDestinationIsAnsweredWithCancel() {
        fixture.callerSends(invite());
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(5_000).sent();

        fixture.answers(first, 180);

        assertThat(fixture.sent()).containsExactly("CANCEL to d1");
        assertThat(fixture.last().line("Via")).isEqualTo(first.line("Via"));
    }

    @Test
    void a100OfAGivenUpDestinationIsAnsweredWithCancelOnce() {
        fixture.callerSends(invite());
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(5_000).sent();

        fixture.answers(first, 100);
        fixture.answers(first, 180);

        assertThat(fixture.sent()).containsExactly("CANCEL to d1");
    }

    @Test
    void aLate2xxOfAGivenUpDestinationIsPassedOnAndTheOtherIsCancelled() {
        fixture.callerSends(invite());
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(5_000);
        fixture.destinationAnswers(180);
        fixture.sent();

        fixture.answers(first, 200);

        assertThat(fixture.sent()).containsExactly("200 to caller", "CANCEL to d2");
    }

    @Test
    void two2xxArePassedOn() {
        fixture.callerSends(invite());
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(5_000);
        LaneFixture.Sent second = fixture.lastOf("INVITE");
        fixture.sent();

        fixture.answers(first, 200);
        fixture.answers(second, 200);

        assertThat(fixture.sent()).containsExactly("200 to caller", "200 to caller");
    }

    @Test
    void aLateRefusalOfAGivenUpDestinationIsOnlyAcknowledged() {
        fixture.callerSends(invite());
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(5_000).sent();

        fixture.answers(first, 486);

        assertThat(fixture.sent()).containsExactly("ACK to d1");
    }

    @Test
    void aRefusalBehindAnother2xxIsOnlyAcknowledged() {
        fixture.callerSends(invite());
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(5_000);
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.answers(first, 487);

        assertThat(fixture.sent()).containsExactly("ACK to d1");
    }

    @ParameterizedTest
    @CsvSource({
        "404, 500, 404",
        "500, 404, 404",
        "404, 302, 302",
        "302, 404, 302",
        "404, 407, 407",
        "486, 484, 484",
        "603, 302, 603",
        "404, 486, 404",
        "408, 404, 404",
        "503, 500, 500",
        "503, 408, 408",
        "480, 503, 480",
        "503, 603, 603"
    })
    void theBestResponseIsPassedOn(int first, int second, int best) {
        LaneFixture all = LaneFixture.stateful("relay-defaults.failover = \"3xx,4xx,5xx,6xx\"")
                .set(1, "sip:10.0.0.1", "sip:10.0.0.2");
        all.callerSends(request("MESSAGE"));

        all.destinationAnswers(first);
        all.destinationAnswers(second);

        assertThat(all.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2", best + " to caller");
    }

    @Test
    void a503IsNeverPassedOnAsSuch() {
        fixture.set(1, "sip:10.0.0.1");
        fixture.callerSends(request("MESSAGE"));

        fixture.destinationAnswers(503);

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 All Destinations Failed");
    }

    @Test
    void destinationsThatNobodyReachesAre500() {
        fixture.refuses("10.0.0.1:5060");
        fixture.refuses("10.0.0.2:5060");
        fixture.refuses("10.0.0.3:5060");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 All Destinations Failed");
    }

    @Test
    void noCandidateIsAnsweredAsConfigured() {
        fixture.set(1);

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 No Destination Available");
    }

    @Test
    void aSetThatThereIsNotCountsAsEmpty() {
        LaneFixture absent = LaneFixture.stateful("rules = [ { select { set = 77 } } ]");

        absent.callerSends(request("MESSAGE"));

        assertThat(absent.last().startLine()).isEqualTo("SIP/2.0 500 No Destination Available");
    }

    @Test
    void challengesOfAllDestinationsAreMerged() {
        LaneFixture all = LaneFixture.stateful("relay-defaults.failover = \"4xx\"")
                .set(1, "sip:10.0.0.1", "sip:10.0.0.2", "sip:10.0.0.3");
        all.callerSends(request("MESSAGE"));
        String[] challenges = {
            "WWW-Authenticate: Digest realm=\"one\"", "Proxy-Authenticate: Digest realm=\"two\"", "X-Last: 1"
        };
        int[] codes = {401, 407, 404};
        for (int i = 0; i < 3; i++) {
            LaneFixture.Sent request = all.lastOf("MESSAGE");
            String response = LaneFixture.response(request.message(), codes[i], challenges[i]);
            all.arrives(response, new Flow(MAIN, request.to(), 0));
        }

        assertThat(all.sent()).endsWith("401 to caller");
        assertThat(all.last().lines("WWW-Authenticate")).containsExactly(challenges[0]);
        assertThat(all.last().lines("Proxy-Authenticate")).containsExactly(challenges[1]);
    }

    @Test
    void theCallersTagAndTheDestinationsHeadersPassUnchanged() {
        fixture.callerSends(request("MESSAGE"));

        fixture.destinationAnswers(200, "X-Any: thing");

        assertThat(fixture.last().line("X-Any")).isEqualTo("X-Any: thing");
        assertThat(fixture.last().lines("Via")).containsExactly("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKc1");
        assertThat(fixture.last().line("To")).endsWith("tag=d1");
    }

    @Test
    void a100IsNotPassedOn() {
        fixture.callerSends(invite());
        fixture.sent();

        fixture.destinationAnswers(100);

        assertThat(fixture.sent()).isEmpty();
    }
}
