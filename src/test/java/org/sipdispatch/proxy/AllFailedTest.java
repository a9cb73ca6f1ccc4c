package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.transaction.SendFailure;

/** The configured response when all destinations have failed, like a reply of a failure route. */
class AllFailedTest {
    private static final String ALL_FAILED = """
            relay-defaults {
              failover = "408,5xx,6xx", stop = "513", all-failed { code = 500, reason = "All GW are down" }
            }
            """;
    private static final String REPLY = "SIP/2.0 500 All GW are down";

    private final LaneFixture fixture = LaneFixture.stateful(ALL_FAILED).set(1, "sip:10.0.0.1", "sip:10.0.0.2");

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 503, 603})
    void aFailureOfTheLastDestinationIsAnsweredAsConfigured(int code) {
        fixture.callerSends(request("MESSAGE"));

        fixture.destinationAnswers(code);
        fixture.destinationAnswers(code);

        assertThat(fixture.last().startLine()).isEqualTo(REPLY);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 404, 486, 513})
    void aResponseThatEndsTheSearchIsPassedOn(int code) {
        fixture.callerSends(request("MESSAGE"));

        fixture.destinationAnswers(503);
        fixture.destinationAnswers(code);

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2", code + " to caller");
    }

    @Test
    void silentDestinationsCount() {
        fixture.callerSends(request("MESSAGE"));

        fixture.passes(11_000);

        assertThat(fixture.last().startLine()).isEqualTo(REPLY);
    }

    @Test
    void destinationsThatCannotBeReachedCount() {
        fixture.refuses("10.0.0.1:5060");
        fixture.refuses("10.0.0.2:5060");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.last().startLine()).isEqualTo(REPLY);
    }

    @Test
    void aMessageThatIsTooLargeIsNotTheirFailure() {
        fixture.refuses("10.0.0.1:5060", SendFailure.TOO_LARGE);
        fixture.refuses("10.0.0.2:5060", SendFailure.TOO_LARGE);

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("513 to caller");
    }

    @Test
    void aCancelledCallIsNoFailure() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);

        fixture.callerSends(request("CANCEL"));
        fixture.destinationAnswers(487);

        assertThat(fixture.sent()).contains("487 to caller").doesNotContain("500 to caller");
    }

    @Test
    void withoutADestinationTheAnswerIsUnusable() {
        fixture.set(1);

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 No Destination Available");
    }
}
