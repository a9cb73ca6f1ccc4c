package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.ack;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Server transactions: RFC 3261 section 17.2 and RFC 6026 section 7.1. */
class ServerTimersTest {
    private final LaneFixture fixture = LaneFixture.stateful("relay-defaults.failover = \"\"");

    @Test
    void anInviteIsAnsweredTryingAtOnce() {
        fixture.setsAreSlow();

        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("100 to caller");
        assertThat(fixture.last().line("To")).doesNotContain("tag=");
    }

    @Test
    void aRepeatedInviteIsAnsweredTryingAgainAndNotForwardedAgain() {
        fixture.callerSends(invite());
        fixture.sent();

        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("100 to caller");
    }

    @Test
    void aRepeatedInviteGetsTheLastProvisionalResponse() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.sent();

        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("180 to caller");
    }

    @Test
    void noOtherRequestIsAnsweredTrying() {
        fixture.callerSends(request("OPTIONS"));

        assertThat(fixture.sent()).containsExactly("OPTIONS to d1");
    }

    @Test
    void aRepeatedRequestThatIsNotYetAnsweredIsAbsorbed() {
        fixture.callerSends(request("MESSAGE"));
        fixture.sent();

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void timerGDoublesUpToT2AndTimerHEndsIt() {
        refusedCall();

        List<String> sent = fixture.sentDuring(60_000);

        assertThat(sent)
                .containsExactly(
                        "500 486 to caller",
                        "1500 486 to caller",
                        "3500 486 to caller",
                        "7500 486 to caller",
                        "11500 486 to caller",
                        "15500 486 to caller",
                        "19500 486 to caller",
                        "23500 486 to caller",
                        "27500 486 to caller",
                        "31500 486 to caller");
        assertThat(fixture.transactions()).isZero();
    }

    @Test
    void theAckEndsTimerG() {
        refusedCall();

        fixture.callerSends(ack(fixture.lastTo("caller")));

        assertThat(fixture.sentDuring(60_000)).isEmpty();
    }

    @Test
    void timerIAbsorbsFurtherAcksAndInvites() {
        refusedCall();
        String ack = ack(fixture.lastTo("caller"));
        fixture.callerSends(ack);
        fixture.sent();

        fixture.passes(4900);
        fixture.callerSends(ack);
        fixture.callerSends(invite());

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void aRefusalIsNotRepeatedOnTcpByItself() {
        fixture.callerSendsOnStream(invite().replace("/UDP", "/TCP"), 7);
        fixture.destinationAnswers(486);

        assertThat(fixture.sentDuring(60_000)).isEmpty();
    }

    @Test
    void timerJAnswersARepeatedRequestFor64T1() {
        fixture.callerSends(request("MESSAGE"));
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.passes(31_900);
        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("200 to caller");
        fixture.passes(200);
        assertThat(fixture.transactions()).isZero();
    }

    @Test
    void timerLAbsorbsARepeatedInviteAfterA2xx() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.passes(31_900);
        fixture.callerSends(invite());

        assertThat(fixture.sent()).isEmpty();
        fixture.passes(200);
        assertThat(fixture.transactions()).isZero();
    }

    @Test
    void a2xxIsNotRepeatedByTheProxy() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);

        assertThat(fixture.sentDuring(60_000)).isEmpty();
    }

    @Test
    void responsesGoToTheSourceOnThePortThatTheViaNames() {
        fixture.callerSends(request("MESSAGE").replace("192.0.2.1:5060", "192.0.2.99:5099"));

        fixture.destinationAnswers(200);

        assertThat(fixture.sent()).endsWith("200 to 192.0.2.1:5099");
    }

    @Test
    void rportTakesResponsesToTheSourcePort() {
        fixture.callerSends(request("MESSAGE").replace("192.0.2.1:5060;branch", "192.0.2.99:5099;rport;branch"));

        fixture.destinationAnswers(200);

        assertThat(fixture.sent()).endsWith("200 to caller");
        assertThat(fixture.last().line("Via")).contains(";rport=5060").contains(";received=192.0.2.1");
    }

    private void refusedCall() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(486);
    }
}
