package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.Flow;

/** The allowed targets of a request of a dialog whose Route has a valid route token. */
class DialogTargetCheckTest {
    private static LaneFixture allowing(String... blocks) {
        return LaneFixture.stateful("relay.in-dialog-targets = [\"" + String.join("\",\"", blocks) + "\"]");
    }

    /** What the lane sends for a BYE whose Route continues to that URI. */
    private static List<String> byeTo(LaneFixture fixture, String uri) {
        fixture.callerSends(invite());
        String own = fixture.lastOf("INVITE").line("Record-Route").replace("Record-", "");
        fixture.sent();
        fixture.callerSends(inDialog("BYE", own + ", <" + uri + ";lr>"));
        return fixture.sent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sip:127.0.0.1:5070",
                "sip:127.8.9.1:5070;transport=tcp",
                "sip:[::ffff:127.0.0.1]:5070",
                "sip:169.254.169.254:80;transport=tcp",
                "sip:203.0.113.5;maddr=127.0.0.1",
                "sip:localhost.example.net:5070"
            })
    void loopbackAndLinkLocalAddressesAreNone(String uri) {
        LaneFixture fixture =
                LaneFixture.stateful().host("localhost.example.net", "203.0.113.5:5070", "127.0.0.1:5070");

        assertThat(byeTo(fixture, uri)).containsExactly("403 to caller");
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 403 Target Not Allowed");
        assertThat(fixture.counters.get(LaneCounter.REFUSED_TARGETS)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"sip:127.0.0.1:5062, sip:127.0.0.9:5070", "sip:169.254.0.1, sip:169.254.0.9:5070"})
    void exceptWhereADestinationHasOne(String destination, String uri) {
        LaneFixture fixture = LaneFixture.stateful().set(1, destination);

        assertThat(byeTo(fixture, uri)).containsExactly("BYE to " + uri.substring(4));
    }

    @Test
    void aPortWhereTheNodeIsManagedIsNone() {
        LaneFixture fixture = LaneFixture.stateful();
        fixture.guards("192.0.2.10:8558");

        assertThat(byeTo(fixture, "sip:192.0.2.10:8558;transport=tcp")).containsExactly("403 to caller");
        assertThat(byeTo(LaneFixture.stateful(), "sip:192.0.2.11:8558;transport=tcp"))
                .containsExactly("BYE to 192.0.2.11:8558");
    }

    @Test
    void onlyThoseInTheListAndDestinationsAreAllowed() {
        assertThat(byeTo(allowing("192.0.2.0/24", "10.9.0.0/16"), "sip:10.9.1.1"))
                .containsExactly("BYE to 10.9.1.1:5060");
        assertThat(byeTo(allowing("192.0.2.0/24"), "sip:10.0.0.2:5099")).containsExactly("BYE to 10.0.0.2:5099");
        assertThat(byeTo(allowing("192.0.2.0/24"), "sip:10.9.1.1")).containsExactly("403 to caller");
    }

    @Test
    void aRequestOfAnUnknownDialogIsBoundByItToo() {
        LaneFixture fixture = LaneFixture.stateful();

        fixture.arrives(
                inDialog("BYE").replace("sip:bob@example.com SIP", "sip:alice@127.0.0.1:5070 SIP"),
                new Flow(LaneFixture.MAIN, LaneFixture.address("10.0.0.2:5060"), 0));

        assertThat(fixture.sent()).containsExactly("403 to d2");
    }

    @Test
    void anAckForSuchAPlaceIsDropped() {
        LaneFixture fixture = LaneFixture.stateful();
        fixture.callerSends(invite());
        String own = fixture.lastOf("INVITE").line("Record-Route").replace("Record-", "");
        fixture.sent();

        fixture.callerSends(inDialog("ACK", own + ", <sip:127.0.0.1:5070;lr>"));

        assertThat(fixture.sent()).isEmpty();
    }
}
