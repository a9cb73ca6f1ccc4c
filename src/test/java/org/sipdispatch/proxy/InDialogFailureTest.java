package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The response to a request within a dialog that its only target refuses or does not receive. */
class InDialogFailureTest {
    private static final String MAINTENANCE = "Retry-After: 60";

    private final LaneFixture fixture = LaneFixture.stateful("relay.preloaded-route = follow");

    private void callIsUp(String destination) {
        fixture.set(1, destination);
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.sent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip:10.0.0.1", "sip:10.0.0.1;transport=tcp"})
    void a503OfThePeerIsPassedOnAsALaterRequestWouldMeetItToo(String destination) {
        callIsUp(destination);
        fixture.callerSends(inDialog("INFO"));

        fixture.answers(fixture.lastOf("INFO"), 503, MAINTENANCE);

        assertThat(fixture.sent()).containsExactly("INFO to d1", "503 to caller");
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Answer");
        assertThat(fixture.last().line("Retry-After")).isEqualTo(MAINTENANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.7.1:5060", "10.0.7.2:5060"})
    void itCountsMoreThanAnAddressOfThePeerThatCouldNotBeReached(String unreachable) {
        callIsUp("sip:10.0.0.1");
        fixture.host("gw.example.net", "10.0.7.1:5060", "10.0.7.2:5060");
        fixture.refuses(unreachable);
        fixture.callerSends(request("INVITE", "Route: <sip:gw.example.net;transport=tcp;lr>")
                .replace("To: <sip:bob@example.com>", "To: <sip:b@h>;tag=d1")
                .replace("z9hG4bKc1", "z9hG4bKagain"));

        fixture.destinationAnswers(503, MAINTENANCE);

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Answer");
    }

    @Test
    void aPeerThatWasNotReachedIs500() {
        callIsUp("sip:10.0.0.1");
        fixture.refuses("10.0.0.1:5060");

        fixture.callerSends(inDialog("INFO"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 Next Hop Not Reachable");
    }

    @Test
    void a503ToANewRequestAlongItsRouteIs500AndNotCalledUnreachable() {
        fixture.callerSends(request("MESSAGE", "Route: <sip:10.7.7.7;transport=tcp;lr>"));

        fixture.answers(fixture.lastOf("MESSAGE"), 503, MAINTENANCE);

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 All Destinations Failed");
        assertThat(fixture.last().lines("Retry-After")).isEmpty();
    }
}
