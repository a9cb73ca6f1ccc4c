package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;

/** CANCEL in each state of an INVITE (RFC 3261 sections 9 and 16.10). */
class CancelTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    @Test
    void whileTheSetIsAskedNoDestinationIsCalledAnyMore() {
        fixture.setsAreSlow();
        fixture.callerSends(invite());

        fixture.callerSends(request("CANCEL"));
        fixture.setsAnswer();

        assertThat(fixture.sent()).containsExactly("100 to caller", "200 to caller", "487 to caller");
    }

    @Test
    void whileTheSetIsAskedAndHasNobody() {
        fixture.set(1).setsAreSlow();
        fixture.callerSends(invite());

        fixture.callerSends(request("CANCEL"));
        fixture.setsAnswer();

        assertThat(fixture.sent()).endsWith("200 to caller", "487 to caller");
    }

    @Test
    void whileTheNameIsResolvedNoDestinationIsCalledAnyMore() {
        fixture.host("gw.example.net", "10.0.0.1:5060").set(1, "sip:gw.example.net", "sip:10.0.0.2");
        fixture.namesAreSlow();
        fixture.callerSends(invite());

        fixture.callerSends(request("CANCEL"));
        fixture.namesAreFound();

        assertThat(fixture.sent()).containsExactly("100 to caller", "200 to caller", "487 to caller");
    }

    @Test
    void beforeAnyResponseTheCancelWaitsForOne() {
        fixture.callerSends(invite());
        fixture.sent();

        fixture.callerSends(request("CANCEL"));
        assertThat(fixture.sent()).containsExactly("200 to caller");

        fixture.destinationAnswers(100);
        assertThat(fixture.sent()).containsExactly("CANCEL to d1");
    }

    @Test
    void aSilentDestinationIsFollowedByNoOther() {
        fixture.callerSends(invite());
        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.sentDuring(5_000)).endsWith("5000 487 to caller").doesNotContain("5000 INVITE to d2");
    }

    @Test
    void aRingingDestinationIsCancelled() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        LaneFixture.Sent forwarded = fixture.lastOf("INVITE");
        fixture.sent();

        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.sent()).containsExactly("200 to caller", "CANCEL to d1");
        LaneFixture.Sent cancel = fixture.last();
        assertThat(cancel.startLine()).isEqualTo(forwarded.startLine().replace("INVITE", "CANCEL"));
        assertThat(cancel.lines("Via")).containsExactly(forwarded.line("Via"));
        assertThat(cancel.line("To")).isEqualTo(forwarded.line("To"));
        assertThat(cancel.line("CSeq")).isEqualTo("CSeq: 1 CANCEL");
    }

    @Test
    void the487IsAcknowledgedAndPassedOn() {
        ringingAndCancelled();

        fixture.destinationAnswers(487);

        assertThat(fixture.sent()).containsExactly("ACK to d1", "487 to caller");
    }

    @Test
    void anyOtherRefusalIsFollowedByNoFailover() {
        ringingAndCancelled();

        fixture.destinationAnswers(503);

        assertThat(fixture.sent()).containsExactly("ACK to d1", "487 to caller");
    }

    @Test
    void a2xxThatCrossesTheCancelIsPassedOn() {
        ringingAndCancelled();

        fixture.destinationAnswers(200);

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void aRepeatedCancelIsAnsweredAgainAndNotForwardedAgain() {
        ringingAndCancelled();

        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void afterAFinalResponseItIsAnsweredWithoutEffect() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.sent()).containsExactly("200 to caller");
        assertThat(fixture.last().line("CSeq")).isEqualTo("CSeq: 1 CANCEL");
    }

    @Test
    void betweenTwoDestinationsTheNextIsNotCalled() {
        fixture.host("gw.example.net", "10.0.0.2:5060").set(1, "sip:10.0.0.1", "sip:gw.example.net");
        fixture.namesAreSlow();
        fixture.callerSends(invite());
        fixture.destinationAnswers(503);
        fixture.sent();

        fixture.callerSends(request("CANCEL"));
        fixture.namesAreFound();

        assertThat(fixture.sent()).containsExactly("200 to caller", "487 to caller");
    }

    @Test
    void bothAnswersBearTheSameTag() {
        ringingAndCancelled();
        String ok = fixture.lastTo("caller").line("To");

        fixture.destinationAnswers(487);

        assertThat(fixture.last().line("To")).isEqualTo(ok);
    }

    @Test
    void anUnknownOneIsForwardedWithoutTransaction() {
        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.sent()).containsExactly("CANCEL to d1");
        assertThat(fixture.transactions()).isZero();
    }

    @Test
    void itDoesNotTouchAnotherKindOfRequest() {
        fixture.callerSends(request("MESSAGE"));
        fixture.sent();

        fixture.callerSends(request("CANCEL"));
        fixture.destinationAnswers(200);

        assertThat(fixture.sent()).contains("200 to caller");
        assertThat(fixture.last().line("CSeq")).isEqualTo("CSeq: 1 MESSAGE");
    }

    private void ringingAndCancelled() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.callerSends(request("CANCEL"));
        fixture.sent();
    }
}
