package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.ack;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.sipdispatch.transaction.Flow;

/** Client transactions: RFC 3261 section 17.1 and RFC 6026 section 7.2. */
class ClientTimersTest {
    private static final String PATIENT = "relay-defaults { fr_timeout = 32s, failover = \"\" }";

    private final LaneFixture fixture = LaneFixture.stateful(PATIENT).set(1, "sip:10.0.0.1");

    @Test
    void timerADoublesAndTimerBEndsIt() {
        fixture.callerSends(invite());

        assertThat(fixture.sentDuring(32_000))
                .containsExactly(
                        "500 INVITE to d1",
                        "1500 INVITE to d1",
                        "3500 INVITE to d1",
                        "7500 INVITE to d1",
                        "15500 INVITE to d1",
                        "31500 INVITE to d1",
                        "32000 408 to caller");
    }

    @Test
    void anyProvisionalResponseEndsTimerA() {
        fixture.callerSends(invite());
        fixture.passes(400);

        fixture.destinationAnswers(100);

        assertThat(fixture.sentDuring(100_000)).isEmpty();
    }

    @Test
    void timerEDoublesUpToT2AndTimerFEndsIt() {
        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sentDuring(32_000))
                .containsExactly(
                        "500 MESSAGE to d1",
                        "1500 MESSAGE to d1",
                        "3500 MESSAGE to d1",
                        "7500 MESSAGE to d1",
                        "11500 MESSAGE to d1",
                        "15500 MESSAGE to d1",
                        "19500 MESSAGE to d1",
                        "23500 MESSAGE to d1",
                        "27500 MESSAGE to d1",
                        "31500 MESSAGE to d1",
                        "32000 408 to caller");
    }

    @Test
    void behindAProvisionalResponseTimerERunsWithT2() {
        fixture.callerSends(request("MESSAGE"));

        fixture.destinationAnswers(100);

        assertThat(fixture.sentDuring(9_000))
                .containsExactly("500 MESSAGE to d1", "4500 MESSAGE to d1", "8500 MESSAGE to d1");
    }

    @Test
    void aFinalResponseEndsTimerE() {
        fixture.callerSends(request("MESSAGE"));

        fixture.destinationAnswers(200);

        assertThat(fixture.sentDuring(60_000)).isEmpty();
    }

    @Test
    void timerKAbsorbsRepeatedFinalResponses() {
        fixture.callerSends(request("MESSAGE"));
        fixture.destinationAnswers(404);
        fixture.sent();

        fixture.passes(5_000);
        fixture.destinationAnswers(404);
        fixture.destinationAnswers(200);

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void frTimeoutStandsInForTimersBAndF() {
        LaneFixture hasty =
                LaneFixture.stateful("relay-defaults { fr_timeout = 2s }").set(1, "sip:10.0.0.1");
        hasty.callerSends(invite());

        assertThat(hasty.sentDuring(3_000))
                .containsExactly("500 INVITE to d1", "1500 INVITE to d1", "2000 408 to caller", "2500 408 to caller");
    }

    @Test
    void timerCIsFrInvTimeoutAndCancels() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);

        assertThat(fixture.sentDuring(181_000)).containsExactly("181000 CANCEL to d1", "181000 408 to caller");
    }

    @Test
    void aFurtherProvisionalResponseBeginsTimerCAnew() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.passes(180_000);

        fixture.destinationAnswers(183);

        assertThat(fixture.sentDuring(180_980)).isEmpty();
        assertThat(fixture.sentDuring(20)).containsExactly("20 CANCEL to d1", "20 408 to caller");
    }

    @Test
    void aFurther100DoesNotBeginTimerCAnew() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(100);
        fixture.passes(180_000);

        fixture.destinationAnswers(100);

        assertThat(fixture.sentDuring(1_000)).containsExactly("1000 CANCEL to d1", "1000 408 to caller");
    }

    @Test
    void aRefusalIsAcknowledgedHopByHop() {
        fixture.callerSends(invite("Route: <sip:192.0.2.10;lr>"));
        LaneFixture.Sent forwarded = fixture.lastOf("INVITE");

        fixture.destinationAnswers(486);

        LaneFixture.Sent ack = fixture.lastOf("ACK");
        assertThat(ack.startLine()).isEqualTo(forwarded.startLine().replace("INVITE", "ACK"));
        assertThat(ack.lines("Via")).containsExactly(forwarded.line("Via"));
        assertThat(ack.line("From")).isEqualTo(forwarded.line("From"));
        assertThat(ack.line("Call-ID")).isEqualTo(forwarded.line("Call-ID"));
        assertThat(ack.line("To")).isEqualTo("To: <sip:bob@example.com>;tag=d1");
        assertThat(ack.line("CSeq")).isEqualTo("CSeq: 1 ACK");
        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", "486 to caller");
    }

    @Test
    void timerDAcknowledgesRepeatedRefusalsAndPassesNoneOn() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(486);
        fixture.callerSends(ack(fixture.lastTo("caller")));
        fixture.sent();

        fixture.passes(31_900);
        fixture.destinationAnswers(486);

        assertThat(fixture.sent()).containsExactly("ACK to d1");
    }

    @Test
    void timerMPassesRepeated2xxOn() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.passes(31_900);
        fixture.destinationAnswers(200);

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void a2xxOfAnotherBranchBelowIsPassedOnToo() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        LaneFixture.Sent forwarded = fixture.lastOf("INVITE");
        fixture.sent();

        fixture.arrives(
                LaneFixture.response(forwarded.message(), 200).replace("tag=d1", "tag=other"),
                new Flow(forwarded.socket(), forwarded.to(), 0));

        assertThat(fixture.sent()).containsExactly("200 to caller");
        assertThat(fixture.last().line("To")).endsWith("tag=other");
    }

    @Test
    void a2xxAfterAllIsForgottenStillFindsItsWay() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.passes(40_000).sent();

        fixture.destinationAnswers(200);

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void nothingIsRepeatedOnTcp() {
        fixture.set(1, "sip:10.0.0.1;transport=tcp");
        fixture.callerSends(invite());

        assertThat(fixture.sentDuring(31_980)).isEmpty();
        assertThat(fixture.sentDuring(20)).containsExactly("20 408 to caller");
    }

    @Test
    void noRequestButInviteIsRepeatedOnTcpEither() {
        fixture.set(1, "sip:10.0.0.1;transport=tcp");
        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sentDuring(31_980)).isEmpty();
    }

    @Test
    void aCancelIsRepeatedUpToT2UntilItIsAnswered() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.sentDuring(12_000))
                .containsExactly(
                        "500 CANCEL to d1",
                        "1500 CANCEL to d1",
                        "3500 CANCEL to d1",
                        "7500 CANCEL to d1",
                        "11500 CANCEL to d1");
        fixture.answers(fixture.lastOf("CANCEL"), 200);
        assertThat(fixture.sentDuring(15_000)).isEmpty();
    }

    @Test
    void aCancelIsNotRepeatedOnTcp() {
        fixture.set(1, "sip:10.0.0.1;transport=tcp");
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.sentDuring(20_000)).isEmpty();
    }

    @Test
    void aDestinationThatIgnoresTheCancelIsWaitedForNoLongerThan64T1() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.callerSends(request("CANCEL"));
        fixture.answers(fixture.lastOf("CANCEL"), 200);

        assertThat(fixture.sentDuring(32_000)).containsExactly("32000 487 to caller");
    }
}
