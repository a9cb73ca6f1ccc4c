package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.sets.Destination;

/** Requests that arrive before the cluster has confirmed this node's views after a pause. */
class WaitingRequestsTest {
    private static final int MOST = 2_000;

    private final LaneFixture fixture = LaneFixture.stateful();

    private static String another(String message, int number) {
        return message.replace("z9hG4bKc1", "z9hG4bKc" + number).replace("c1@192.0.2.1", "c" + number + "@192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "MESSAGE", "REGISTER", "SUBSCRIBE"})
    void aNewRequestWaitsAndGoesOnWhenTheClusterHasConfirmed(String method) {
        fixture.pauses = 1;
        fixture.callerSends(request(method));
        assertThat(fixture.sentDuring(400)).isEmpty();
        assertThat(fixture.asked).isEmpty();

        fixture.confirms(1);

        assertThat(fixture.sent()).endsWith(method + " to d1").doesNotContain("503 to caller");
        assertThat(fixture.transactions()).isEqualTo(1);
        fixture.destinationAnswers(200);
        assertThat(fixture.last()).hasToString("200 to caller");
        assertThat(fixture.counters.get(LaneCounter.REFUSED_STALE)).isZero();
    }

    @Test
    void theyGoOnInTheirOrderAndWhatComesThenDoesNotWait() {
        fixture.pauses = 1;
        fixture.callerSends(request("MESSAGE"));
        fixture.callerSends(another(request("REGISTER"), 2));

        fixture.confirms(1);
        fixture.callerSends(another(request("SUBSCRIBE"), 3));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "REGISTER to d1", "SUBSCRIBE to d1");
    }

    @Test
    void aDestinationTakenOutDuringThePauseGetsNoCall() {
        fixture.pauses = 1;
        fixture.callerSends(invite());

        fixture.set(1, "sip:10.0.0.2");
        fixture.confirms(1);

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d2");
    }

    @Test
    void theConfirmationOfAnEarlierPauseIsNotEnough() {
        fixture.pauses = 2;
        fixture.callerSends(invite());

        fixture.confirms(1);
        assertThat(fixture.sent()).isEmpty();

        fixture.confirms(2);
        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1");
    }

    @Test
    void itsRetransmissionDoesNotMakeTwo() {
        fixture.pauses = 1;
        fixture.callerSends(invite());
        fixture.callerSends(invite());
        fixture.passes(400);
        fixture.callerSends(invite());

        fixture.confirms(1);

        assertThat(fixture.sent()).containsOnlyOnce("INVITE to d1").doesNotContain("INVITE to d2");
        assertThat(fixture.transactions()).isEqualTo(1);
    }

    @Test
    void aCancelWaitsBehindItsInvite() {
        fixture.pauses = 1;
        fixture.callerSends(invite());
        fixture.callerSends(request("CANCEL"));
        assertThat(fixture.sent()).isEmpty();

        fixture.confirms(1);
        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "200 to caller");

        fixture.destinationAnswers(100);
        assertThat(fixture.sent()).containsExactly("CANCEL to d1");
        fixture.answers(fixture.lastOf("INVITE"), 487);
        assertThat(fixture.sent()).containsExactly("ACK to d1", "487 to caller");
    }

    @Test
    void aFailoverWaitsAndGoesOnWhenTheClusterHasConfirmed() {
        fixture.callerSends(invite());
        fixture.pauses = 1;
        fixture.destinationAnswers(503);
        fixture.passes(400);
        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1");

        fixture.confirms(1);

        assertThat(fixture.sent()).containsExactly("INVITE to d2");
        assertThat(fixture.counters.get(LaneCounter.REFUSED_STALE)).isZero();
    }

    @Test
    void aFailoverThatWaitsTooLongIsRefusedAndNotBlamedOnTheDestinations() {
        fixture.callerSends(invite());
        fixture.pauses = 1;
        fixture.destinationAnswers(503);
        fixture.passes(1_200);

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", "503 to caller");
        assertThat(fixture.last().line("Retry-After")).isEqualTo("Retry-After: 3");
        assertThat(fixture.counters.get(LaneCounter.REFUSED_STALE)).isEqualTo(1);
        fixture.confirms(1);
        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void aCancelledRequestDoesNotFailOverAfterAPause() {
        fixture.callerSends(invite());
        fixture.pauses = 1;
        fixture.destinationAnswers(503);
        fixture.callerSends(request("CANCEL"));

        fixture.confirms(1);

        assertThat(fixture.sent()).endsWith("487 to caller").doesNotContain("INVITE to d2");
    }

    @Test
    void aCancelWhoseInviteIsUnderWayDoesNotWait() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.pauses = 1;
        fixture.sent();

        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.sent()).containsExactly("200 to caller", "CANCEL to d1");
    }

    @Test
    void whoHasWaitedForASecondIsSentElsewhere() {
        fixture.pauses = 1;
        fixture.callerSends(invite());

        assertThat(fixture.sentDuring(2000)).containsExactly("1020 503 to caller");
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Rejoining The Cluster");
        assertThat(fixture.last().line("Retry-After")).isEqualTo("Retry-After: 3");
        assertThat(fixture.counters.get(LaneCounter.REFUSED_STALE)).isEqualTo(1);
        assertThat(fixture.counters.get(LaneCounter.REFUSED)).isZero();
        assertThat(fixture.transactions()).isZero();

        fixture.confirms(1);
        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void eachWaitsForATimeOfItsOwn() {
        fixture.pauses = 1;
        fixture.callerSends(request("MESSAGE"));
        fixture.passes(300);
        fixture.callerSends(another(request("MESSAGE"), 2));

        assertThat(fixture.sentDuring(900)).containsExactly("720 503 to caller");
        fixture.confirms(1);

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1");
    }

    @Test
    void theAckOfTheRefusalEndsHereAndALostOneIsNotAnswered() {
        fixture.pauses = 1;
        fixture.callerSends(invite());
        fixture.passes(1100);
        LaneFixture.Sent refusal = fixture.last();
        fixture.sent();

        fixture.callerSends(LaneFixture.ack(refusal));
        fixture.callerSends(another(request("ACK"), 2));

        assertThat(fixture.sentDuring(2000)).isEmpty();
    }

    @Test
    void whereTooManyWaitTheNextOneIsSentElsewhereAtOnce() {
        fixture.pauses = 1;
        for (int i = 0; i < MOST; i++) {
            fixture.callerSends(another(request("MESSAGE"), i));
        }
        assertThat(fixture.sent()).isEmpty();

        fixture.callerSends(another(request("MESSAGE"), MOST));
        assertThat(fixture.sent()).containsExactly("503 to caller");

        fixture.confirms(1);
        assertThat(fixture.sent()).hasSize(MOST).containsOnly("MESSAGE to d1");
    }

    @Test
    void whatBelongsToADialogGoesOn() {
        fixture.callerSends(invite());
        LaneFixture.Sent sent = fixture.last();
        fixture.pauses = 1;
        fixture.destinationAnswers(200);
        assertThat(fixture.last()).hasToString("200 to caller");
        String route = sent.line("Record-Route").replace("Record-Route", "Route");
        fixture.sent();

        fixture.callerSends(inDialog("ACK", route).replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP"));
        fixture.callerSends(inDialog("BYE", route).replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP"));

        assertThat(fixture.sent()).containsExactly("ACK to d1", "BYE to d1");
        fixture.destinationAnswers(200);
        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void whatADialogIsRememberedForGoesOnWithoutARoute() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.pauses = 1;
        fixture.sent();

        fixture.callerSends(inDialog("BYE"));

        assertThat(fixture.sent()).containsExactly("BYE to d1");
    }

    @Test
    void whatIsForThisNodeItselfAndWhatAFilterRefusesDoesNotWait() {
        LaneFixture strict =
                LaneFixture.stateful("rules = [ { when.source = \"10.0.0.0/8\", select { set = 1, flags = F } },"
                        + " { reply { code = 403, reason = \"No\" } } ]");
        strict.pauses = 1;

        strict.callerSends(request("OPTIONS").replace("sip:bob@example.com SIP", "sip:192.0.2.10 SIP"));
        strict.callerSends(another(invite(), 2));

        assertThat(strict.sent()).containsExactly("200 to caller", "403 to caller");
    }

    @Test
    void noFurtherCandidateIsTriedAfterSilence() {
        fixture.callerSends(request("MESSAGE"));
        fixture.pauses = 1;

        assertThat(fixture.sentDuring(40_000))
                .contains("6020 503 to caller")
                .noneMatch(sent -> sent.contains(" to d2"));
    }

    @Test
    void aResponseThatIsNoFailureDoesNotWait() {
        fixture.callerSends(invite());
        fixture.pauses = 1;
        fixture.destinationAnswers(486);

        assertThat(fixture.sent()).endsWith("486 to caller");
    }

    @Test
    void onceConfirmedFurtherCandidatesAreTriedAgain() {
        fixture.callerSends(invite());
        fixture.pauses = 1;
        fixture.confirms(1);

        fixture.destinationAnswers(500);

        assertThat(fixture.last()).hasToString("INVITE to d2");
    }

    @Test
    void withoutMemoryANewRequestWaitsTooAndItsRepetitionsAreForwarded() {
        LaneFixture stateless = LaneFixture.stateless();
        stateless.pauses = 1;
        stateless.callerSends(invite());
        assertThat(stateless.sentDuring(400)).isEmpty();

        stateless.confirms(1);
        assertThat(stateless.sent()).containsExactly("INVITE to d1");
        assertThat(stateless.transactions()).isZero();
        stateless.pauses = 2;
        stateless.callerSends(invite());
        stateless.callerSends(request("CANCEL"));
        assertThat(stateless.sent()).containsExactly("INVITE to d1", "CANCEL to d1");

        stateless.callerSends(another(invite(), 2));
        assertThat(stateless.sentDuring(2000)).containsExactly("1020 503 to caller");
        assertThat(stateless.counters.get(LaneCounter.REFUSED_STALE)).isEqualTo(1);
    }

    @Test
    void withoutMemoryTheFirstCandidateAloneIsTried() {
        LaneFixture stateless = LaneFixture.stateless();
        stateless.refuses("10.0.0.1:5060");
        stateless.setsAreSlow();
        stateless.callerSends(invite());
        stateless.pauses = 1;

        stateless.setsAnswer();

        assertThat(stateless.sent()).containsExactly("500 to caller");
    }

    @Test
    void aRedirectWaitsToo() {
        LaneFixture redirecting = LaneFixture.stateful("relay-defaults.mode = redirect");
        redirecting.pauses = 1;
        redirecting.callerSends(invite());
        assertThat(redirecting.sent()).isEmpty();

        redirecting.confirms(1);

        assertThat(redirecting.last()).hasToString("302 to caller");
    }

    @Test
    void pingsGoOn() {
        List<PingResult> results = new ArrayList<>();
        fixture.pauses = 1;

        fixture.pings(
                new Ping(
                        new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "", ""),
                        "OPTIONS",
                        "sip:dispatcher@localhost",
                        70,
                        null,
                        3000),
                results);

        assertThat(fixture.sent()).containsExactly("OPTIONS to d1");
    }
}
