package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;

/** Callers cancel calls through the node of the stage. */
interface CancelScenarios {
    int CALLS = 30;

    /** The common node and its user agents. */
    Stage stage();

    @Test
    default void aCallThatIsCancelledWhileADestinationIsSilentGoesNowhereElse() {
        Call call = stage().call(Stage.ANYBODY);
        call.at(stage().first, "INVITE");

        call.cancel();

        call.response(200, "CANCEL");
        call.endsWith(487);
        stage().awaitProcessed();
        assertThat(call.seenAt(stage().first, "CANCEL")).isZero();
        assertThat(call.seenAt(stage().second, "INVITE")).isZero();
        assertThat(call.seenAt(stage().third, "INVITE")).isZero();
    }

    @Test
    default void aRefusalBehindACancelIsNotFailedOver() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = call.at(stage().first, "INVITE");
        call.cancel();
        call.response(200, "CANCEL");

        Call.answer(stage().first, invite, 503);

        call.at(stage().first, "ACK");
        call.endsWith(487);
        stage().awaitProcessed();
        assertThat(call.seenAt(stage().second, "INVITE")).isZero();
    }

    @Test
    default void aCancelReachesTheDestinationThatRingsAndItsAnswerTheCaller() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = ringing(call);

        call.cancel();

        call.response(200, "CANCEL");
        Received cancel = acceptedCancel(call);
        assertThat(cancel.sip().topVia().parameterText("branch"))
                .isEqualTo(invite.sip().topVia().parameterText("branch"));
        Call.answer(stage().first, invite, 487);
        Received ack = call.at(stage().first, "ACK");
        assertThat(ack.sip().to().tagText())
                .isEqualTo(String.valueOf(stage().first.port()));
        call.endsWith(487);
        assertThat(call.seenAt(stage().second, "INVITE")).isZero();
    }

    @Test
    default void aDestinationThatRingsLateIsCancelledThen() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = call.at(stage().first, "INVITE");
        call.cancel();
        call.response(200, "CANCEL");

        Call.answer(stage().first, invite, 180);

        acceptedCancel(call);
        Call.answer(stage().first, invite, 487);
        call.at(stage().first, "ACK");
        call.endsWith(487);
    }

    @Test
    default void aCallOverTcpIsCancelledToo() {
        Call call = Call.to("sip:tcp@dispatcher", stage().tcpCaller, stage().port);
        Received invite = call.at(stage().tcp, "INVITE");
        Call.answer(stage().tcp, invite, 180);
        call.response(180);

        call.cancel();

        call.response(200, "CANCEL");
        Received cancel = call.at(stage().tcp, "CANCEL");
        stage().tcp.send(cancel.from(), SipText.response((SipRequest) cancel.sip(), 200, ""));
        Call.answer(stage().tcp, invite, 487);
        call.at(stage().tcp, "ACK");
        call.endsWith(487);
    }

    @Test
    default void anAnswerThatCrossesTheCancelReachesTheCaller() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = ringing(call);
        call.cancel();
        acceptedCancel(call);

        Call.answer(stage().first, invite, 200);

        Dialog dialog = call.callerSide(call.finalResponse());
        dialog.send("ACK", 1);
        call.at(stage().first, "ACK");
        dialog.hangUpWith(stage().first);
    }

    @Test
    default void aRepeatedInviteIsNotForkedAndGetsTheLastAnswerAgain() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = ringing(call);

        call.repeat();

        call.response(180);
        stage().awaitProcessed();
        assertThat(call.seenAt(stage().first, "INVITE")).isZero();
        assertThat(call.seenAt(stage().second, "INVITE")).isZero();
        Call.answer(stage().first, invite, 486);
        call.at(stage().first, "ACK");
        call.endsWith(486);
    }

    @Test
    default void aCancelBehindTheFinalAnswerIsAnsweredAndGoesNowhere() {
        Call call = stage().call("sip:nobody@dispatcher");
        Received refusal = call.response(480);
        call.acknowledge(refusal);

        call.cancel();

        assertThat(call.response(200, "CANCEL").sip().text(HeaderName.CSEQ)).isEqualTo("1 CANCEL");
        stage().awaitProcessed();
        assertThat(call.seenAt(stage().first, "CANCEL")).isZero();
    }

    /** The node keeps no transaction, and forwards all messages of one to the same destination. */
    @ParameterizedTest
    @ValueSource(strings = {"sip:stateless4@dispatcher", "sip:stateless6@dispatcher"})
    default void allOfAStatelessTransactionReachesOneDestination(String uri) {
        Set<TestUserAgent> all = new HashSet<>();

        for (int i = 0; i < CALLS; i++) {
            Call call = stage().call(uri);
            TestUserAgent taker = stage().reached(call, "INVITE");
            Call other = stage().call(uri);
            TestUserAgent takerOfOther = stage().reached(other, "INVITE");

            call.repeat();
            Call.answer(taker, call.at(taker, "INVITE"), 180);
            call.response(180);
            call.cancel();
            call.at(taker, "CANCEL");
            call.repeat();
            Call.answer(taker, call.at(taker, "INVITE"), 487);
            call.endsWith(487);
            call.at(taker, "ACK");
            other.cancel();
            other.at(takerOfOther, "CANCEL");
            all.add(taker);
            all.add(takerOfOther);
        }

        assertThat(all).containsExactlyInAnyOrder(stage().first, stage().second);
    }

    private Received ringing(Call call) {
        Received invite = call.at(stage().first, "INVITE");
        Call.answer(stage().first, invite, 180);
        call.response(180);
        return invite;
    }

    private Received acceptedCancel(Call call) {
        Received cancel = call.at(stage().first, "CANCEL");
        stage().first.send(cancel.from(), SipText.response((SipRequest) cancel.sip(), 200, ""));
        return cancel;
    }
}
