package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.TimerWheel;

/** Requests with a To tag, without a valid route token and without a remembered dialog: {@code relay.unknown-dialog}. */
class UnknownDialogTest {
    /** A route token made with another secret, as after the loss of a node's own secret. */
    private static final String STALE = "Route: <sip:192.0.2.10:5060;lr;k=xVtixgSQxHJ>";

    private final LaneFixture fixture = LaneFixture.stateful();

    private static String to(String uri, String method, String... headers) {
        return inDialog(method, headers).replace("sip:bob@example.com SIP", uri + " SIP");
    }

    private void destinationSends(String text) {
        fixture.arrives(text, new Flow(MAIN, address("10.0.0.2:5060"), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BYE", "INVITE", "ACK"})
    void aDestinationsRequestGoesToItsUri(String method) {
        destinationSends(to("sip:alice@192.0.2.1:5060", method, STALE));

        assertThat(fixture.sent()).containsExactly(method + " to caller");
        assertThat(fixture.last().lines("Route")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BYE", "INVITE", "ACK"})
    void aRequestForADestinationGoesToItsUri(String method) {
        fixture.callerSends(to("sip:line7@10.0.0.3:5070", method, STALE));

        assertThat(fixture.sent()).containsExactly(method + " to 10.0.0.3:5070");
    }

    @Test
    void withoutARouteItIsTheSame() {
        destinationSends(to("sip:alice@192.0.2.1:5060", "BYE"));
        fixture.callerSends(to("sip:line7@10.0.0.3", "BYE").replace("dialogBYE", "again"));

        assertThat(fixture.sent()).containsExactly("BYE to caller", "BYE to d3");
    }

    @Test
    void aDestinationIsKnownByTheAddressesOfItsName() {
        fixture.host("gw.example.net", "10.9.9.9:5060").set(1, "sip:gw.example.net");
        fixture.passes(TimerWheel.TICK_MS);

        fixture.arrives(to("sip:alice@192.0.2.1:5060", "BYE", STALE), new Flow(MAIN, address("10.9.9.9:40404"), 0));
        fixture.callerSends(to("sip:line7@gw.example.net", "BYE", STALE).replace("dialogBYE", "again"));

        assertThat(fixture.sent()).containsExactly("BYE to caller", "BYE to 10.9.9.9:5060");
    }

    @Test
    void aDestinationThatIsGoneIsKnownNoMore() {
        fixture.set(1, "sip:10.0.0.1");

        destinationSends(to("sip:alice@192.0.2.1:5060", "BYE", STALE));

        assertThat(fixture.sent()).containsExactly("481 to d2");
        assertThat(fixture.counters.get(LaneCounter.UNKNOWN_DIALOGS)).isEqualTo(1);
    }

    @Test
    void aRequestBetweenStrangersIsRefused() {
        fixture.callerSends(to("sip:carol@203.0.113.9", "BYE", STALE));

        assertThat(fixture.sent()).containsExactly("481 to caller");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Route: <sip:192.0.2.10:5060;lr>", "X-None: 1"})
    void anAckBetweenStrangersIsDropped(String header) {
        fixture.callerSends(inDialog("ACK", header));

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void aRequestOfOurOwnAddressIsRefused() {
        destinationSends(to("sip:alice@192.0.2.10", "BYE"));

        assertThat(fixture.sent()).containsExactly("481 to d2");
    }

    @Test
    void aDestinationsRequestFollowsTheRouteBehindOurs() {
        destinationSends(to("sip:alice@192.0.2.1", "BYE", STALE + ", <sip:10.7.7.7;lr>"));

        assertThat(fixture.sent()).containsExactly("BYE to 10.7.7.7:5060");
    }

    @Test
    void aRequestIsNotSentBackToItsSender() {
        LaneFixture dispatching = LaneFixture.stateful("relay.unknown-dialog = dispatch");

        dispatching.arrives(inDialog("BYE"), new Flow(MAIN, address("10.0.0.1:5060"), 0));

        assertThat(dispatching.sent()).containsExactly("BYE to d2");
    }

    @Test
    void aRequestForWhichOnlyItsSenderIsLeftIsAnswered() {
        LaneFixture dispatching =
                LaneFixture.stateless("relay.unknown-dialog = dispatch").set(1, "sip:gw.example.net");
        dispatching.host("gw.example.net", "10.0.0.1:5060", "10.0.0.2:5060").passes(TimerWheel.TICK_MS);

        dispatching.arrives(inDialog("BYE"), new Flow(MAIN, address("10.0.0.2:5060"), 0));

        assertThat(dispatching.sent()).containsExactly("500 to d2");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.2:5060, sip:10.0.0.2, 481 to d2",
        "10.0.0.2:40000, sip:10.0.0.2:40000, 481 to 10.0.0.2:40000",
        "10.0.0.2:40000, sip:10.0.0.2:5070, BYE to 10.0.0.2:5070",
        "10.0.0.2:5060, sip:gw.example.net, 481 to d2"
    })
    void aRequestWhoseTargetIsItsSenderIsNotSentBack(String source, String uri, String sent) {
        fixture.host("gw.example.net", "10.0.0.2:5060");
        String bye = to(uri, "BYE").replace("Via: SIP/2.0/UDP 192.0.2.1:5060", "Via: SIP/2.0/UDP 10.0.0.9;rport");

        fixture.arrives(bye, new Flow(MAIN, address(source), Flow.NO_CONNECTION));

        assertThat(fixture.sent()).containsExactly(sent);
    }

    @Test
    void anAckWhoseTargetIsItsSenderIsDropped() {
        destinationSends(to("sip:10.0.0.2", "ACK"));

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void aRequestWhoseTargetHasAnotherAddressGoesThere() {
        fixture.host("gw.example.net", "10.0.0.2:5060", "10.7.7.7:5060");

        destinationSends(to("sip:gw.example.net", "BYE"));

        assertThat(fixture.sent()).containsExactly("BYE to 10.7.7.7:5060");
    }

    @Test
    void refusalAndDispatchAreAMatterOfSettings() {
        LaneFixture refusing = LaneFixture.stateful("relay.unknown-dialog = refuse");
        LaneFixture dispatching = LaneFixture.stateful("relay.unknown-dialog = dispatch");

        refusing.callerSends(to("sip:line7@10.0.0.3", "BYE"));
        dispatching.callerSends(to("sip:line7@10.0.0.3", "BYE"));

        assertThat(refusing.sent()).containsExactly("481 to caller");
        assertThat(dispatching.sent()).containsExactly("BYE to d1");
    }
}
