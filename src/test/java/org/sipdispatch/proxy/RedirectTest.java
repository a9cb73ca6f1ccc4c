package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.ack;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Responding with 302 instead of forwarding. */
class RedirectTest {
    private final LaneFixture fixture = LaneFixture.stateful("relay-defaults.mode = redirect");

    @Test
    void theCandidatesAreNamedWithFallingValues() {
        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("302 to caller");
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 302 Moved Temporarily");
        assertThat(fixture.last().lines("Contact"))
                .containsExactly(
                        "Contact: <sip:bob@10.0.0.1>;q=1.000",
                        "Contact: <sip:bob@10.0.0.2>;q=0.900",
                        "Contact: <sip:bob@10.0.0.3>;q=0.800");
    }

    @Test
    void allAtOnceMeansEqualValues() {
        LaneFixture fork = LaneFixture.stateful(
                "relay-defaults.mode = redirect", "rules = [ { select { set = 1, alg = parallel } } ]");

        fork.callerSends(invite());

        assertThat(fork.last().lines("Contact"))
                .containsExactly(
                        "Contact: <sip:bob@10.0.0.1>;q=1.000",
                        "Contact: <sip:bob@10.0.0.2>;q=1.000",
                        "Contact: <sip:bob@10.0.0.3>;q=1.000");
    }

    @Test
    void aCancelOrAckOfNoRedirectedInviteGoesNowhere() {
        fixture.callerSends(request("CANCEL"));
        assertThat(fixture.sent()).containsExactly("481 to caller");

        fixture.callerSends(request("ACK"));
        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void portAndParametersOfADestinationAreReported() {
        fixture.set(1, "sip:ping@10.0.0.1:5070;transport=tcp");

        fixture.callerSends(invite());

        assertThat(fixture.last().lines("Contact"))
                .containsExactly("Contact: <sip:bob@10.0.0.1:5070;transport=tcp>;q=1.000");
    }

    @Test
    void withoutAUserTheDestinationAloneIsReported() {
        fixture.set(1, "sip:10.0.0.1");

        fixture.callerSends(request("MESSAGE").replace("sip:bob@example.com SIP", "sip:example.com SIP"));

        assertThat(fixture.last().lines("Contact")).containsExactly("Contact: <sip:10.0.0.1>;q=1.000");
    }

    @Test
    void manyCandidatesHaveValuesAboveZero() {
        fixture.set(1, IntStream.range(0, 50).mapToObj(i -> "sip:10.0.1." + i).toArray(String[]::new));

        fixture.callerSends(invite());

        assertThat(fixture.last().lines("Contact"))
                .hasSize(50)
                .last()
                .asString()
                .endsWith(";q=0.030");
    }

    @Test
    void nobodyUsableIsAnsweredAsConfigured() {
        fixture.set(1);

        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("500 to caller");
    }

    @Test
    void theRedirectIsRepeatedUntilTheAck() {
        fixture.callerSends(invite());
        assertThat(fixture.sentDuring(1_000)).containsExactly("500 302 to caller");

        fixture.callerSends(ack(fixture.last()));

        assertThat(fixture.sentDuring(10_000)).isEmpty();
    }

    @Test
    void aCancelThatCrossesTheSetsAnswerEndsIt() {
        fixture.setsAreSlow();
        fixture.callerSends(invite());

        fixture.callerSends(request("CANCEL"));
        fixture.setsAnswer();

        assertThat(fixture.sent()).containsExactly("200 to caller", "487 to caller");
    }
}
