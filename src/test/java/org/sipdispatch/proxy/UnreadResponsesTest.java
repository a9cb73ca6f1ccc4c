package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.invite;

import org.junit.jupiter.api.Test;

/** No timer fires for a response that may have arrived but has not been read. */
class UnreadResponsesTest {
    @Test
    void aRequestIsNotRepeatedBeforeAllThatArrivedUntilThenIsRead() {
        LaneFixture fixture = LaneFixture.stateful();
        fixture.callerSends(invite());
        fixture.sent();

        fixture.passesUnread(600, 101);
        assertThat(fixture.sent()).isEmpty();
        fixture.destinationAnswers(180);
        fixture.passes(2000);

        assertThat(fixture.sent()).containsExactly("180 to caller");
    }

    @Test
    void itIsRepeatedWhenAllIsRead() {
        LaneFixture fixture = LaneFixture.stateful();
        fixture.callerSends(invite());
        fixture.sent();

        fixture.passesUnread(600, 101);
        fixture.passesUnread(100, 100);

        assertThat(fixture.sent()).containsExactly("INVITE to d1");
    }

    @Test
    void noDestinationIsGivenUpBeforeItsAnswerCanHaveBeenRead() {
        LaneFixture fixture = LaneFixture.stateful("relay-defaults.fr_timeout = 2s");
        fixture.callerSends(invite());
        fixture.passes(1980);
        fixture.sent();

        fixture.passesUnread(400, 400);
        assertThat(fixture.sent()).isEmpty();
        fixture.destinationAnswers(486);

        assertThat(fixture.sent()).containsExactly("ACK to d1", "486 to caller");
    }
}
