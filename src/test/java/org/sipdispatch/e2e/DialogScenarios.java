package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;

/** Calls through the node of the stage are set up, continue and end. */
interface DialogScenarios {
    /** The common node and its user agents. */
    Stage stage();

    @Test
    default void theCallersRequestsGoAlongTheirRouteToTheDestinationThatTookTheCall() {
        Call call = stage().call(Stage.ANYBODY);
        call.refuseAt(stage().first, 503);
        Dialog dialog = call.takenBy(stage().second);

        dialog.send("INVITE", 2);

        Received again = call.at(stage().second, "INVITE");
        assertThat(SipText.values(again.sip(), HeaderName.ROUTE)).isEmpty();
        Call.answer(stage().second, again, 200);
        dialog.response(200, "INVITE");
        dialog.send("ACK", 2);
        assertThat(call.at(stage().second, "ACK").sip().cseqNumber()).isEqualTo(2);
        dialog.hangUpWith(stage().second);
        assertThat(call.seenAt(stage().first, "INVITE")).isZero();
    }

    @Test
    default void theCalleesRequestsGoAlongTheirRouteToTheCaller() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = call.at(stage().first, "INVITE");
        Call.answer(stage().first, invite, 200);
        call.callerSide(call.response(200)).send("ACK", 1);
        call.at(stage().first, "ACK");

        Dialog callee = Dialog.ofCallee(stage().first, invite);
        callee.send("INVITE", 2);

        Received again = call.at(stage().caller, "INVITE");
        Call.answer(stage().caller, again, 200);
        callee.response(200, "INVITE");
        callee.send("ACK", 2);
        call.at(stage().caller, "ACK");
        callee.hangUpWith(stage().caller);
    }

    @Test
    default void requestsWithoutARouteStayWithTheDestinationThatTookTheCall() {
        Call call = stage().call(Stage.ANYBODY);
        call.refuseAt(stage().first, 503);
        Dialog dialog = call.takenBy(stage().second);

        dialog.withoutRoutes().hangUpWith(stage().second);

        assertThat(call.seenAt(stage().first, "BYE")).isZero();
    }

    @Test
    default void theDestinationsRequestsWithoutARouteGoToTheCaller() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = call.at(stage().first, "INVITE");
        Call.answer(stage().first, invite, 200);
        call.callerSide(call.response(200)).send("ACK", 1);
        call.at(stage().first, "ACK");

        Dialog.ofCallee(stage().first, invite).withoutRoutes().hangUpWith(stage().caller);

        assertThat(call.seenAt(stage().first, "BYE")).isZero();
    }

    @Test
    default void noRequestOfADialogReachesThePortWhereTheNodeIsManaged() {
        Call call = stage().call(Stage.ANYBODY);
        Dialog dialog = call.takenBy(stage().first);

        dialog.goingOnTo("<sip:127.0.0.1:" + stage().managementPort() + ";transport=tcp;lr>")
                .send("INFO", 2);

        dialog.response(403, "INFO");
        dialog.hangUpWith(stage().first);
    }

    @Test
    default void aRepeatedAnswerIsPassedOnAgain() {
        Call call = stage().call(Stage.ANYBODY);
        Received invite = call.at(stage().first, "INVITE");
        Call.answer(stage().first, invite, 200);
        Dialog dialog = call.callerSide(call.response(200));

        Call.answer(stage().first, invite, 200);

        call.response(200);
        dialog.send("ACK", 1);
        call.at(stage().first, "ACK");
        dialog.hangUpWith(stage().first);
    }

    @Test
    default void aCallMayComeOverUdpAndLeaveOverTcp() {
        Call call = Call.to("sip:tcp@dispatcher", stage().caller, stage().port);

        assertCallBothWays(call, stage().caller, 2);
    }

    @Test
    default void aCallMayComeAndLeaveOverTcp() {
        Call call = Call.to("sip:tcp@dispatcher", stage().tcpCaller, stage().port);

        assertCallBothWays(call, stage().tcpCaller, 1);
    }

    private void assertCallBothWays(Call call, TestUserAgent caller, int recordRoutes) {
        Received invite = call.at(stage().tcp, "INVITE");
        Call.answer(stage().tcp, invite, 200);
        Dialog dialog = call.callerSide(call.response(200));
        dialog.send("ACK", 1);
        call.at(stage().tcp, "ACK");
        dialog.send("INFO", 2);
        Received info = call.at(stage().tcp, "INFO");
        stage().tcp.send(info.from(), SipText.response((SipRequest) info.sip(), 200, ""));
        dialog.response(200, "INFO");

        Dialog.ofCallee(stage().tcp, invite).hangUpWith(caller);

        assertThat(dialog.routes()).hasSize(recordRoutes);
        assertThat(SipText.values(info.sip(), HeaderName.ROUTE)).isEmpty();
    }

    @Test
    default void aCallAlongThePathReachesTheClientBehindItsNat() {
        assertCalledAlongItsPath(stage().caller);
    }

    @Test
    default void aCallAlongThePathUsesTheClientsConnection() {
        assertCalledAlongItsPath(stage().tcpCaller);
    }

    private void assertCalledAlongItsPath(TestUserAgent client) {
        Registration registration = Registration.of(client, stage().first, stage().port);

        Received invite = registration.called(registration.path());

        assertThat(((SipRequest) invite.sip()).requestUri()).hasToString(Registration.CONTACT);
        assertThat(SipText.values(invite.sip(), HeaderName.ROUTE)).isEmpty();
        String contact = "Contact: <" + Registration.CONTACT + ">";
        client.send(invite.from(), SipText.response((SipRequest) invite.sip(), 200, "client", contact));
        Dialog registrar = registration.callerSide();
        registrar.send("ACK", 1);
        client.take("ACK", Messages.request("ACK", registration.callId()));
        registrar.hangUpWith(client);
    }

    @Test
    default void aCallWhoseRouteNamesAnotherAddressIsNotRelayedToTheClient() {
        Registration registration = Registration.of(stage().caller, stage().first, stage().port);

        registration.calls(registration
                .path()
                .replace(
                        "127.0.0.1:" + stage().port,
                        "127.0.0.1:" + stage().second.port()));

        registration.response(403);
        assertThat(stage().caller.seen(Messages.request("INVITE", registration.callId())))
                .isEmpty();
    }
}
