package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Final status codes that end failover (RFC 3261 section 16.7 step 5). */
class DeclinedTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    @ParameterizedTest
    @ValueSource(ints = {501, 505, 513, 600, 603, 606})
    void aCallThatIsDeclinedOrAboutWhichTheCodeSaysAllStaysRefused(int code) {
        fixture.callerSends(invite());

        fixture.destinationAnswers(code);

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", code + " to caller");
    }

    @Test
    void a6xxTriesTheNextDestinationWhereFailoverHasIt() {
        LaneFixture open = LaneFixture.stateful("relay-defaults.failover = \"408,5xx,6xx\"");
        open.callerSends(request("MESSAGE"));

        open.destinationAnswers(603);

        assertThat(open.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2");
    }

    @Test
    void stopMakesExceptionsToTheClassesOfFailover() {
        LaneFixture busy = LaneFixture.stateful("relay-defaults { failover = \"4xx,5xx\", stop = \"486,6xx\" }");
        busy.callerSends(request("MESSAGE"));

        busy.destinationAnswers(404);
        busy.destinationAnswers(501);
        busy.destinationAnswers(486);

        assertThat(busy.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d2", "MESSAGE to d3", "404 to caller");
    }

    @Test
    void stopCountsMoreThanTheRuleFor503() {
        LaneFixture strict = LaneFixture.stateful("relay-defaults.stop = \"503\"");
        strict.callerSends(request("MESSAGE"));

        strict.destinationAnswers(503);

        assertThat(strict.sent()).containsExactly("MESSAGE to d1", "500 to caller");
    }

    @Test
    void stopSaysNothingOfSilenceNorOfWhoCannotBeReached() {
        LaneFixture strict = LaneFixture.stateful("relay-defaults { failover = \"4xx,5xx\", stop = \"5xx\" }");
        strict.refuses("10.0.0.1:5060");
        strict.callerSends(request("MESSAGE"));

        assertThat(strict.sentDuring(5_000)).endsWith("5000 MESSAGE to d3");
    }

    @Test
    void aLate6xxEndsTheSearchOnceTheOtherIsCancelled() {
        fixture.callerSends(invite());
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(5_000);
        fixture.destinationAnswers(180);
        LaneFixture.Sent second = fixture.lastOf("INVITE");
        fixture.sent();

        fixture.answers(first, 603);
        assertThat(fixture.sent()).containsExactly("ACK to d1", "CANCEL to d2");

        fixture.answers(second, 487);
        assertThat(fixture.sent()).containsExactly("ACK to d2", "603 to caller");
    }

    @Test
    void behindALate6xxNobodyElseIsTried() {
        fixture.callerSends(request("MESSAGE"));
        LaneFixture.Sent first = fixture.lastOf("MESSAGE");
        fixture.passes(5_000).sent();

        fixture.answers(first, 603);
        fixture.destinationAnswers(500);

        assertThat(fixture.sent()).containsExactly("603 to caller");
    }

    @Test
    void a2xxWinsOverALate6xx() {
        fixture.callerSends(invite());
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(5_000);
        LaneFixture.Sent second = fixture.lastOf("INVITE");
        fixture.answers(first, 603);
        fixture.sent();

        fixture.answers(second, 200);

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }
}
