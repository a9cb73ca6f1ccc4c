package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;

/** Destinations of the stage do not take calls, or take them late. */
interface FailoverScenarios {
    /** The common node and its user agents. */
    Stage stage();

    @Test
    default void aCallFindsTheGoodDestinationBehindAClosedPortAndASilentOne() {
        Call call = stage().call("sip:closed@dispatcher");

        call.at(stage().first, "INVITE");
        Dialog dialog = call.takenBy(stage().second);

        dialog.hangUpWith(stage().second);
    }

    @Test
    default void aCallFindsTheGoodDestinationBehindAClosedTcpPort() {
        Call call = stage().call("sip:closedtcp@dispatcher");

        Dialog dialog = call.takenBy(stage().tcp);

        dialog.hangUpWith(stage().tcp);
    }

    @Test
    default void noneOfAThousandCallsFailsWhileTwoOfThreeDestinationsAreBad() {
        Sipp.assumePresent();
        int port = Ports.next();
        NodeProcess node;
        try (TestUserAgent silent = TestUserAgent.udp();
                Sipp good = Sipp.callee("udp")) {
            node = NodeProcess.start("""
                    sockets { main = "udp:127.0.0.1:%d" }
                    partitions { default { db_url = "file:$list" } }
                    rules = [ { select { set = 1, alg = 4, flags = F }, relay { fr_timeout = 3s } } ]
                    """.formatted(port), """
                    1 sip:127.0.0.1:%d
                    1 sip:127.0.0.1:%d
                    1 sip:127.0.0.1:%d
                    """.formatted(Ports.next(), silent.port(), good.port()));
            try (node;
                    Sipp caller = Sipp.caller("udp", "anybody", port, 1000, 200)) {
                assertThat(caller.failedCalls()).isZero();
                assertThat(caller.goodCalls()).isEqualTo(1000);
                assertThat(good.invitesReceived()).isEqualTo(1000);
            }
        }
        // A third of the calls first goes to the closed port, whose host sends ICMP; two thirds wait for the silent
        // destination.
        if (!node.log().contains("transport.icmp-unreachable: none")) {
            assertThat(node.log()).containsPattern(" timeouts=\\d+ unreachable=[23]\\d\\d\\b");
        }
    }

    @Test
    default void aDestinationThatRingsWhenItWasGivenUpIsCancelled() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = call.at(stage().first, "INVITE");
        Dialog dialog = call.takenBy(stage().second);

        Call.answer(stage().first, invite, 180);

        Received cancel = call.at(stage().first, "CANCEL");
        stage().first.send(cancel.from(), SipText.response((SipRequest) cancel.sip(), 200, ""));
        Call.answer(stage().first, invite, 487);
        call.at(stage().first, "ACK");
        dialog.hangUpWith(stage().second);
    }

    @Test
    default void aLateAnswerOfADestinationThatWasGivenUpTakesTheCall() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = call.at(stage().first, "INVITE");
        Received second = call.at(stage().second, "INVITE");
        Call.answer(stage().second, second, 180);
        call.response(180);

        Call.answer(stage().first, invite, 200);

        Dialog dialog = call.callerSide(call.finalResponse());
        Received cancel = call.at(stage().second, "CANCEL");
        stage().second.send(cancel.from(), SipText.response((SipRequest) cancel.sip(), 200, ""));
        Call.answer(stage().second, second, 487);
        call.at(stage().second, "ACK");
        dialog.send("ACK", 1);
        call.at(stage().first, "ACK");
        dialog.hangUpWith(stage().first);
    }

    @Test
    default void aRequestThatIsNoInviteIsFailedOverToo() {
        Call message = Call.request("MESSAGE", Stage.ANYBODY, stage().caller, stage().port);

        Call.answer(stage().first, message.at(stage().first, "MESSAGE"), 503);
        message.at(stage().second, "MESSAGE");
        Call.answer(stage().third, message.at(stage().third, "MESSAGE"), 202);

        message.response(202);
        message.repeat();
        message.response(202);
        assertThat(message.seenAt(stage().first, "MESSAGE")).isZero();
    }

    @Test
    default void a503IsFailedOverAndItsAckIsSent() {
        Call call = stage().call(Stage.ANYBODY);

        call.refuseAt(stage().first, 503);
        Dialog dialog = call.takenBy(stage().second);

        dialog.hangUpWith(stage().second);
        assertThat(call.seenAt(stage().third, "INVITE")).isZero();
    }

    @Test
    default void a503FromAllIsA500ForTheCaller() {
        Call call = stage().call(Stage.ANYBODY);

        call.refuseAt(stage().first, 503);
        call.refuseAt(stage().second, 503);
        call.refuseAt(stage().third, 503);

        call.endsWith(500);
    }

    @Test
    default void a404IsNotFailedOver() {
        Call call = stage().call("sip:only5xx@dispatcher");

        call.refuseAt(stage().first, 404);

        call.endsWith(404);
        stage().awaitProcessed();
        assertThat(call.seenAt(stage().second, "INVITE")).isZero();
    }

    @Test
    default void theBestOf404And503Is404() {
        Call call = stage().call("sip:every@dispatcher");

        call.refuseAt(stage().first, 404);
        call.refuseAt(stage().second, 503);
        call.refuseAt(stage().third, 503);

        call.endsWith(404);
    }

    @Test
    default void a486AmongOtherFailuresIsWhatTheCallerGets() {
        Call call = stage().call("sip:every@dispatcher");

        call.refuseAt(stage().first, 500);
        call.refuseAt(stage().second, 486);
        call.at(stage().third, "INVITE");

        Received refusal = call.response(486);
        call.acknowledge(refusal);
        assertThat(refusal.sip().to().tagText())
                .isEqualTo(String.valueOf(stage().second.port()));
    }

    @Test
    default void silenceOfAllIsA408() {
        Call call = stage().call(Stage.ANYBODY);

        call.at(stage().first, "INVITE");
        call.at(stage().second, "INVITE");
        call.at(stage().third, "INVITE");

        call.endsWith(408);
    }

    @Test
    default void aRedirectNamesTheCandidatesInTheirOrder() {
        Call call = stage().call("sip:redirect@dispatcher");

        Received redirect = call.response(302);

        call.acknowledge(redirect);
        assertThat(SipText.values(redirect.sip(), HeaderName.CONTACT))
                .containsExactly(
                        "<sip:redirect@127.0.0.1:" + stage().first.port() + ">;q=1.000",
                        "<sip:redirect@127.0.0.1:" + stage().second.port() + ">;q=0.900",
                        "<sip:redirect@127.0.0.1:" + stage().third.port() + ">;q=0.800");
    }

    @Test
    default void whereNothingIsUsableTheConfiguredReplyIsGiven() {
        Call call = stage().call("sip:nobody@dispatcher");

        Received refusal = call.response(480);

        call.acknowledge(refusal);
        assertThat(refusal.toString()).startsWith("SIP/2.0 480 All Gone\r\n");
    }
}
