package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.OTHER;
import static org.sipdispatch.proxy.LaneFixture.STREAM;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.PingResult.PingOutcome;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/** Pings as client transactions of the proxy. */
class LanePingsTest {
    private final LaneFixture fixture = LaneFixture.stateful();
    private final List<PingResult> results = new ArrayList<>();

    private static Ping ping(String uri, String socket) {
        return ping(uri, socket, null);
    }

    private static Ping ping(String uri, String rowSocket, String probingSocket) {
        Destination destination = new Destination("default", 1, uri, rowSocket, 1, 0, "", "");
        return new Ping(destination, "OPTIONS", "sip:dispatcher@localhost", 70, probingSocket, 2_000);
    }

    private void pings(String uri) {
        fixture.pings(ping(uri, null), results);
    }

    private static PingResult unanswered(PingOutcome outcome) {
        return new PingResult(outcome, 0, 0);
    }

    @Test
    void theRequestIsWhatAnyProxyMaySend() {
        pings("sip:user@10.0.0.1:5060;transport=udp?subject=x");

        LaneFixture.Sent sent = fixture.last();
        assertThat(sent).hasToString("OPTIONS to d1");
        assertThat(sent.startLine()).isEqualTo("OPTIONS sip:user@10.0.0.1:5060;transport=udp SIP/2.0");
        assertThat(sent.line("To")).isEqualTo("To: <sip:user@10.0.0.1:5060;transport=udp>");
        assertThat(sent.line("From")).matches("From: <sip:dispatcher@localhost>;tag=\\S+");
        assertThat(sent.line("Call-ID")).matches("Call-ID: \\S+@192.0.2.10");
        assertThat(sent.line("CSeq")).isEqualTo("CSeq: 1 OPTIONS");
        assertThat(sent.line("Max-Forwards")).isEqualTo("Max-Forwards: 70");
        assertThat(sent.line("Content-Length")).isEqualTo("Content-Length: 0");
        assertThat(sent.line("User-Agent")).isEqualTo("User-Agent: sip-dispatcher");
        assertThat(sent.line("Contact")).isEqualTo("Contact: <sip:192.0.2.10:5060>");
        assertThat(sent.line("Via")).matches("Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKsd\\S+;rport");
        assertThat(Branch.of(sent.message().topVia()).attempt()).isEqualTo(4095);
    }

    @Test
    void theRequestHasTheMethodFromAndHopsOfItsPing() {
        Destination destination = new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "", "");

        fixture.pings(new Ping(destination, "INFO", "sip:us@example.com", 0, null, 2_000), results);

        LaneFixture.Sent sent = fixture.last();
        assertThat(sent).hasToString("INFO to d1");
        assertThat(sent.line("From")).startsWith("From: <sip:us@example.com>;tag=");
        assertThat(sent.line("CSeq")).isEqualTo("CSeq: 1 INFO");
        assertThat(sent.line("Max-Forwards")).isEqualTo("Max-Forwards: 0");
    }

    @Test
    void noTwoPingsAreAlike() {
        pings("sip:10.0.0.1");
        LaneFixture.Sent first = fixture.last();
        pings("sip:10.0.0.1");

        assertThat(fixture.last().line("Via")).isNotEqualTo(first.line("Via"));
        assertThat(fixture.last().line("Call-ID")).isNotEqualTo(first.line("Call-ID"));
        assertThat(fixture.last().line("From")).isNotEqualTo(first.line("From"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 401, 407, 500, 503})
    void theFirstFinalReplyIsTheResult(int code) {
        pings("sip:10.0.0.1");
        fixture.passes(60);

        fixture.answers(fixture.last(), 100);
        fixture.answers(fixture.last(), code);

        assertThat(results).containsExactly(new PingResult(PingOutcome.REPLIED, code, 60_000));
        assertThat(fixture.sentDuring(10_000)).isEmpty();
        assertThat(results).hasSize(1);
    }

    @Test
    void theResultSaysWhyATlsHandshakeFailed() {
        pings("sip:10.0.0.1;transport=tcp");

        fixture.couldNotSend(fixture.last(), SendFailure.TLS_FAILED, "TLS expired: yesterday");

        assertThat(results).containsExactly(new PingResult(PingOutcome.UNREACHABLE, 0, 0, "TLS expired: yesterday"));
    }

    @Test
    void aPingThatWasOrderedBeforeAPauseIsNotSent() {
        fixture.pauses = 1;
        fixture.pingsOrdered(0, ping("sip:10.0.0.1", null), results);

        assertThat(fixture.sent()).isEmpty();
        assertThat(results).containsExactly(unanswered(PingOutcome.NO_EVIDENCE));
    }

    @Test
    void aPingIsNotRepeatedAfterAPause() {
        pings("sip:10.0.0.1");
        fixture.pauses = 1;

        assertThat(fixture.sentDuring(10_000)).isEmpty();
        assertThat(results).containsExactly(unanswered(PingOutcome.NO_EVIDENCE));
    }

    @Test
    void silenceAcrossAPauseIsNoEvidence() {
        Destination stream = ping("sip:10.0.0.1;transport=tcp", null).destination();
        fixture.pings(new Ping(stream, "OPTIONS", "sip:a@b", 70, null, 2_000), results);
        fixture.pauses = 1;
        fixture.passes(10_000);

        assertThat(results).containsExactly(unanswered(PingOutcome.NO_EVIDENCE));
    }

    @Test
    void itIsRepeatedOverUdpUntilTheTimeIsUp() {
        fixture.pings(
                new Ping(ping("sip:10.0.0.1", null).destination(), "OPTIONS", "sip:a@b", 70, null, 14_000), results);

        assertThat(fixture.sentDuring(20_000))
                .containsExactly(
                        "500 OPTIONS to d1",
                        "1500 OPTIONS to d1",
                        "3500 OPTIONS to d1",
                        "7500 OPTIONS to d1",
                        "11500 OPTIONS to d1");
        assertThat(results).containsExactly(unanswered(PingOutcome.SILENT));
        assertThat(fixture.counters.get(LaneCounter.PING_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    void itIsNotRepeatedOverTcp() {
        pings("sip:10.0.0.1;transport=tcp");

        assertThat(fixture.last().socket()).isEqualTo(STREAM);
        assertThat(fixture.sentDuring(5_000)).isEmpty();
        assertThat(results).containsExactly(unanswered(PingOutcome.SILENT));
    }

    @Test
    void aReplyThatComesTooLateIsDropped() {
        pings("sip:10.0.0.1");
        LaneFixture.Sent sent = fixture.last();
        fixture.passes(3_000).sent();

        fixture.answers(sent, 200);

        assertThat(results).containsExactly(unanswered(PingOutcome.SILENT));
        assertThat(fixture.sent()).isEmpty();
        assertThat(fixture.counters.get(LaneCounter.LATE_PING_REPLIES)).isEqualTo(1);
        assertThat(fixture.counters.get(LaneCounter.FOREIGN_RESPONSES)).isZero();
    }

    @Test
    void nobodyAnswersInADestinationsPlace() {
        pings("sip:10.0.0.1");
        LaneFixture.Sent sent = fixture.last();

        String forged = LaneFixture.response(sent.message(), 200).replaceFirst("(z9hG4bKsd....).{11}", "$1AAAAAAAAAAA");
        fixture.arrives(forged, new Flow(MAIN, LaneFixture.address("10.0.0.1:5060"), 0));

        assertThat(results).isEmpty();
    }

    @Test
    void theReportThatNobodyListensThereEndsIt() {
        pings("sip:10.0.0.1");
        assertThat(fixture.watched).isEmpty();
        fixture.sentDuring(500);
        assertThat(fixture.watched).containsExactly(new NextHop(MAIN, LaneFixture.address("10.0.0.1:5060")));

        fixture.isUnreachable(MAIN, "10.0.0.2:5060");
        assertThat(results).isEmpty();
        fixture.isUnreachable(MAIN, "10.0.0.1:5060");

        assertThat(results).containsExactly(unanswered(PingOutcome.UNREACHABLE));
        assertThat(fixture.sentDuring(5_000)).isEmpty();
    }

    @Test
    void aConnectionThatCannotBeMadeEndsIt() {
        pings("sip:10.0.0.1;transport=tcp");

        fixture.isUnreachable(STREAM, "10.0.0.1:5060");

        assertThat(fixture.watched).isEmpty();
        assertThat(results).containsExactly(unanswered(PingOutcome.UNREACHABLE));
    }

    @Test
    void aNameWithoutAddressIsTheDestinationsFailure() {
        pings("sip:nowhere.example.net");

        assertThat(fixture.sent()).isEmpty();
        assertThat(results).containsExactly(new PingResult(PingOutcome.NOT_SENT, 0, 0, "no address"));
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatADestinationIsToBlameForIsAFailedPing(SendFailure why) {
        fixture.refuses("10.0.0.1:5060", why);
        pings("sip:10.0.0.1");
        fixture.accepts("10.0.0.1:5060");
        pings("sip:10.0.0.1");
        fixture.couldNotSend(fixture.last(), why);
        pings("sip:10.0.0.1");
        fixture.isLost(MAIN, "10.0.0.1:5060", why);

        assertThat(results)
                .hasSize(3)
                .allMatch(one -> (one.outcome() == PingOutcome.NO_EVIDENCE) != why.isDestinationFault(), why.text());
        assertThat(fixture.sentDuring(5_000)).isEmpty();
    }

    @Test
    void aDestinationThatNoSocketFitsSaysNothing() {
        pings("sip:10.0.0.2;transport=sctp");

        assertThat(results).containsExactly(unanswered(PingOutcome.NO_EVIDENCE));
        assertThat(fixture.counters.get(SendFailure.NO_SOCKET)).isOne();
    }

    @Test
    void aNameThatNoServerAnswersForSaysNothing() {
        fixture.hostIsNotAnswered("gw.example.net");

        pings("sip:gw.example.net");

        assertThat(results).containsExactly(unanswered(PingOutcome.NO_EVIDENCE));
        assertThat(fixture.counters.get(SendFailure.NO_DNS_ANSWER)).isOne();
    }

    @Test
    void aNameThatIsFoundTooLateIsNotPingedAnyMore() {
        fixture.host("gw.example.net", "10.0.0.1:5060").namesAreSlow();

        pings("sip:gw.example.net");
        fixture.passes(2_500);
        fixture.namesAreFound();

        assertThat(fixture.sent()).isEmpty();
        assertThat(results).containsExactly(unanswered(PingOutcome.NO_EVIDENCE));
    }

    @Test
    void ofSeveralAddressesTheFirstThatCanBeSentToIsPinged() {
        fixture.host("gw.example.net", "10.0.0.1:5060", "10.0.0.2:5060").refuses("10.0.0.1:5060");

        pings("sip:gw.example.net");

        assertThat(fixture.sent()).containsExactly("OPTIONS to d2");
    }

    @Test
    void theRowsSocketIsTakenElseTheOneForProbingElseTheFirstThatFits() {
        fixture.pings(ping("sip:10.0.0.1", "other", "main"), results);
        assertThat(fixture.last().socket()).isEqualTo(OTHER);

        fixture.pings(ping("sip:10.0.0.1", null, "udp:198.51.100.10"), results);
        assertThat(fixture.last().socket()).isEqualTo(OTHER);

        fixture.pings(ping("sip:10.0.0.1", null, "stream"), results);
        assertThat(fixture.last().socket()).isEqualTo(MAIN);
    }

    @Test
    void pingsCountForThemselves() {
        pings("sip:10.0.0.1");
        fixture.answers(fixture.last(), 200);

        assertThat(fixture.counters.get(LaneCounter.PINGS)).isEqualTo(1);
        assertThat(fixture.counters.get(LaneCounter.FORWARDED)).isZero();
        assertThat(fixture.counters.get(LaneCounter.RESPONSES)).isZero();
    }

    @Test
    void tooManyAtOnceSayNothingOfTheirDestinations() {
        IntStream.range(0, 4097).forEach(i -> pings("sip:10.0.0.1"));

        assertThat(results).containsExactly(unanswered(PingOutcome.NO_EVIDENCE));
    }
}
