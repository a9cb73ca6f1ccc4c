package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which INVITEs a lane counts as ringing at a destination: those that may still become a call. */
class RingingTest {
    private static final String D1 = "default:1:sip:10.0.0.1";
    private static final String D2 = "default:1:sip:10.0.0.2";
    /** Longer than the lifetime of any transaction. */
    private static final long FOR_EVER_MS = 3_600_000;

    private LaneFixture fixture = LaneFixture.stateful();

    private int ringing(String id) {
        return fixture.counters.ringing(id);
    }

    /** In every case, no count remains, and none is decremented twice. */
    @AfterEach
    void nothingStaysForEver() {
        fixture.passes(FOR_EVER_MS);

        assertThat(ringing(D1)).isZero();
        assertThat(ringing(D2)).isZero();
    }

    @Test
    void anInviteRingsUntilItIsAnsweredAndIsAnOpenCallThen() {
        fixture.callerSends(invite());
        assertThat(ringing(D1)).isEqualTo(1);
        fixture.callerSends(invite());
        fixture.destinationAnswers(100);
        fixture.destinationAnswers(180);
        assertThat(ringing(D1)).isEqualTo(1);
        assertThat(fixture.counters.openCalls(D1)).isZero();

        fixture.destinationAnswers(200);
        fixture.destinationAnswers(200);

        assertThat(ringing(D1)).isZero();
        assertThat(fixture.counters.openCalls(D1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 404, 486, 603})
    void aFinalAnswerEndsIt(int code) {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);

        fixture.destinationAnswers(code);
        fixture.destinationAnswers(code);

        assertThat(ringing(D1)).isZero();
    }

    @Test
    void itGoesAlongWithTheFailover() {
        fixture.callerSends(invite());

        fixture.destinationAnswers(503);

        assertThat(ringing(D1)).isZero();
        assertThat(ringing(D2)).isEqualTo(1);
    }

    @Test
    void oneThatIsCalledOffRingsUntilItsFinalAnswer() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.callerSends(request("CANCEL"));
        assertThat(ringing(D1)).isEqualTo(1);

        fixture.answers(fixture.lastOf("INVITE"), 487);

        assertThat(ringing(D1)).isZero();
    }

    @Test
    void oneThatIsCalledOffAndNeverAnsweredIsForgotten() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.callerSends(request("CANCEL"));

        fixture.passes(70_000);

        assertThat(ringing(D1)).isZero();
    }

    @Test
    void silenceEndsItUnlessALateAnswerComes() {
        fixture.callerSends(invite());
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(6_000);
        assertThat(ringing(D1)).isZero();
        assertThat(ringing(D2)).isEqualTo(1);

        fixture.answers(first, 180);
        assertThat(ringing(D1)).isEqualTo(1);

        fixture.answers(first, 200);
        assertThat(ringing(D1)).isZero();
        assertThat(fixture.counters.openCalls(D1)).isEqualTo(1);
    }

    @Test
    void whereNobodyListensNothingRings() {
        fixture.refuses("10.0.0.1:5060");

        fixture.callerSends(invite());

        assertThat(ringing(D1)).isZero();
        assertThat(ringing(D2)).isEqualTo(1);
    }

    @Test
    void otherMethodsAndRequestsOfACallDoNotRing() {
        fixture = LaneFixture.stateful("relay.unknown-dialog = dispatch");
        fixture.callerSends(request("MESSAGE"));
        assertThat(ringing(D1)).isZero();
        fixture.destinationAnswers(200);

        fixture.callerSends(LaneFixture.inDialog("INVITE").replaceAll("(z9hG4bK\\w+)", "$1again"));

        assertThat(fixture.lastOf("INVITE")).isNotNull();
        assertThat(ringing(D1)).isZero();
    }

    @Test
    void whatGoesWithoutMemoryIsNotSeen() {
        fixture = LaneFixture.stateful("relay-defaults.mode = stateless");

        fixture.callerSends(invite());
        fixture.destinationAnswers(180);

        assertThat(ringing(D1)).isZero();
    }
}
