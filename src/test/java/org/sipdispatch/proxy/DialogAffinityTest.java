package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.transaction.Flow;

/** The remembered destination of a dialog, for user agents that ignore Record-Route. */
class DialogAffinityTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    /** A call that d2 answered. */
    private void callIsUp() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(500);
        fixture.destinationAnswers(200);
        fixture.sent();
    }

    private static String ofDestination(String method, String via) {
        return inDialog(method)
                .replace("Via: SIP/2.0/UDP 192.0.2.1:5060", "Via: SIP/2.0/UDP " + via)
                .replace("From: <sip:alice@example.com>;tag=a1", "From: <sip:bob@example.com>;tag=d1")
                .replace("To: <sip:bob@example.com>;tag=d1", "To: <sip:alice@example.com>;tag=a1")
                .replace("sip:bob@example.com SIP", "sip:alice@192.0.2.1:5060 SIP");
    }

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

    @ParameterizedTest
    @CsvSource({
        "10.0.0.2:5060, 10.0.0.2:5060",
        "10.0.0.2:40000, 10.0.0.2:40000",
        "10.7.7.7:5060, 10.7.7.7:5060",
        "10.7.7.7:40000, 10.0.0.2:5060"
    })
    void aDestinationsRequestGoesToTheCallerWhateverAddressItComesFrom(String source, String via) {
        callIsUp();

        fixture.arrives(ofDestination("BYE", via), new Flow(MAIN, address(source), Flow.NO_CONNECTION));

        assertThat(fixture.sent()).containsExactly("BYE to caller");
    }

    @Test
    void aCallersRequestGoesToTheDestinationEvenIfItsTargetIsTheCaller() {
        callIsUp();

        fixture.callerSends(inDialog("BYE").replace("sip:bob@example.com SIP", "sip:alice@192.0.2.1:5060 SIP"));

        assertThat(fixture.sent()).containsExactly("BYE to d2");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.2:5060, sip:10.0.0.2", "10.7.7.7:5060, sip:10.7.7.7:5060"})
    void aDestinationsRequestIsNotSentBackToTheDestination(String source, String uri) {
        callIsUp();

        fixture.arrives(
                ofDestination("BYE", source).replace("sip:alice@192.0.2.1:5060 SIP", uri + " SIP"),
                new Flow(MAIN, address(source), Flow.NO_CONNECTION));

        assertThat(fixture.sent()).hasSize(1).first().asString().startsWith("481 to ");
    }

    @Test
    void withoutTransactionsTheTagsTellTheDirectionToo() {
        LaneFixture stateless = LaneFixture.stateless();
        stateless.callerSends(invite());
        stateless.sent();

        stateless.arrives(ofDestination("BYE", "10.7.7.7:5060"), new Flow(MAIN, address("10.7.7.7:5060"), 0));
        stateless.callerSends(inDialog("INFO"));

        assertThat(stateless.sent()).containsExactly("BYE to caller", "INFO to d1");
    }

    @Test
    void aCallerOnTheDestinationsHostReachesTheDestinationOverTcp() {
        callIsUp();

        fixture.arrives(inDialog("BYE"), new Flow(STREAM, address("10.0.0.2:33000"), 7));

        assertThat(fixture.sent()).containsExactly("BYE to d2");
    }

    @Test
    void twoDialogsWithOneCallIdHaveTheirOwnDestinations() {
        callIsUp();
        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc2").replace("tag=a1", "tag=a2"));
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.callerSends(inDialog("INFO").replace("tag=a1", "tag=a2"));
        fixture.callerSends(inDialog("BYE"));

        assertThat(fixture.sent()).containsExactly("INFO to d1", "BYE to d2");
    }

    @Test
    void whereBothPartiesHaveOneTagTheAddressTellsTheDirection() {
        callIsUp();
        String bye = inDialog("BYE").replace("tag=d1", "tag=a1");

        fixture.callerSends(bye);
        fixture.arrives(
                bye.replace("z9hG4bKdialog", "z9hG4bKother")
                        .replace("sip:bob@example.com SIP", "sip:alice@192.0.2.1:5060 SIP"),
                new Flow(MAIN, address("10.0.0.2:5060"), 0));

        assertThat(fixture.sent()).containsExactly("BYE to d2", "BYE to caller");
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
