package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.sipdispatch.transaction.Flow;

/** The remembered destination of a dialog, for user agents that ignore Record-Route. */
class DialogAffinityTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    @Test
    void aRequestWithoutRouteGoesToTheDestinationThatAnswered() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(500);
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.callerSends(inDialog("ACK"));
        fixture.callerSends(inDialog("BYE"));

        assertThat(fixture.sent()).containsExactly("ACK to d2", "BYE to d2");
    }

    @Test
    void aRequestWithoutToTagIsDispatched() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(500);
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1");
    }

    @Test
    void aDestinationsOwnRequestGoesToTheOtherParty() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(500);
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.arrives(
                inDialog("BYE").replace("sip:bob@example.com SIP", "sip:alice@192.0.2.1:5060 SIP"),
                new Flow(MAIN, address("10.0.0.2:5060"), 0));

        assertThat(fixture.sent()).containsExactly("BYE to caller");
    }

    @Test
    void anInviteThatNobodyTookLeavesNoMemory() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(500);
        fixture.destinationAnswers(486);
        fixture.sent();

        fixture.callerSends(inDialog("BYE"));

        assertThat(fixture.sent()).containsExactly("481 to caller");
    }

    @Test
    void aDialogIsRememberedForAnHour() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(500);
        fixture.destinationAnswers(200);
        fixture.passes(3_500_000).sent();

        fixture.callerSends(inDialog("BYE"));

        assertThat(fixture.sent()).containsExactly("BYE to d2");
    }
}
