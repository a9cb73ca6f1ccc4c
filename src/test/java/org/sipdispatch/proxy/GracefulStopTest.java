package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lane that refuses new calls and completes the existing ones. */
class GracefulStopTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    private static String another(String message) {
        return message.replace("z9hG4bKc1", "z9hG4bKnew");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "SUBSCRIBE", "REGISTER", "MESSAGE"})
    void newRequestsAreRefusedWith503(String method) {
        fixture.refusesNewCalls();

        fixture.callerSends(request(method));

        assertThat(fixture.sent()).containsExactly("503 to caller");
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Shutting Down");
        assertThat(fixture.last().line("Retry-After")).isEqualTo("Retry-After: 5");
        assertThat(fixture.transactions()).isZero();
    }

    @Test
    void theAckOfTheRefusalEndsHere() {
        fixture.refusesNewCalls();
        fixture.callerSends(invite());
        LaneFixture.Sent refusal = fixture.last();
        fixture.sent();

        fixture.callerSends(LaneFixture.ack(refusal));

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void optionsToThisProxyAreRefusedToo() {
        String options = request("OPTIONS").replace("sip:bob@example.com SIP", "sip:192.0.2.10 SIP");
        fixture.callerSends(options);
        assertThat(fixture.sent()).containsExactly("200 to caller");

        fixture.refusesNewCalls();
        fixture.callerSends(another(options));

        assertThat(fixture.sent()).containsExactly("503 to caller");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void whatWasBegunGoesOn(String mode) {
        LaneFixture one = LaneFixture.stateful("relay-defaults.mode = " + mode);
        one.callerSends(invite());
        one.destinationAnswers(180);
        one.refusesNewCalls();
        one.sent();

        one.callerSends(invite());
        one.callerSends(request("CANCEL"));
        one.answers(one.lastOf("INVITE"), 487);

        assertThat(one.sent()).doesNotContain("503 to caller").contains("CANCEL to d1", "487 to caller");
    }

    @Test
    void failoverGoesOnToo() {
        fixture.callerSends(invite());
        fixture.refusesNewCalls();

        fixture.destinationAnswers(500);

        assertThat(fixture.last()).hasToString("INVITE to d2");
    }

    @Test
    void requestsOfDialogsGoOn() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.refusesNewCalls();
        fixture.sent();

        fixture.callerSends(inDialog("ACK"));
        fixture.callerSends(inDialog("BYE"));

        assertThat(fixture.sent()).containsExactly("ACK to d1", "BYE to d1");
    }

    @Test
    void aTransactionIsPendingUntilItsFinalAnswer() {
        fixture.callerSends(invite());
        fixture.callerSends(another(request("MESSAGE")));
        assertThat(fixture.counters.pending()).isEqualTo(2);

        fixture.destinationAnswers(200);
        assertThat(fixture.counters.pending()).isEqualTo(1);
        fixture.answers(fixture.lastOf("INVITE"), 180);
        assertThat(fixture.counters.pending()).isEqualTo(1);
        fixture.answers(fixture.lastOf("INVITE"), 200);
        fixture.answers(fixture.lastOf("INVITE"), 200);
        assertThat(fixture.counters.pending()).isZero();

        fixture.passes(100_000);
        assertThat(fixture.counters.pending()).isZero();
    }

    @Test
    void silenceEndsItToo() {
        fixture.callerSends(invite());

        fixture.passes(20_000);

        assertThat(fixture.counters.pending()).isZero();
    }
}
