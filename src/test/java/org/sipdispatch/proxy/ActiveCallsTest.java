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
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.transaction.Flow;

/** Which calls a lane counts as active. */
class ActiveCallsTest {
    private static final String D1 = "default:1:sip:10.0.0.1";
    private static final String D2 = "default:1:sip:10.0.0.2";

    private final LaneFixture stateful = LaneFixture.stateful();

    private static LaneFixture of(String mode) {
        return LaneFixture.stateful("relay-defaults.mode = " + mode);
    }

    private static String call(String text, int number) {
        return text.replace("c1@", "c" + number + "@").replaceAll("(z9hG4bK\\w+)", "$1n" + number);
    }

    private static void connect(LaneFixture fixture, int number) {
        fixture.callerSends(call(invite(), number));
        fixture.destinationAnswers(200);
    }

    private static LaneFixture connected(String mode) {
        LaneFixture fixture = of(mode);
        connect(fixture, 1);
        return fixture;
    }

    /** A request that the caller or the callee sends along the route set. */
    private static String routed(LaneFixture fixture, String method) {
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route", "Route");
        return call(inDialog(method, route), 1).replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void a2xxOpensACallAndAByeOfTheCallerEndsIt(String mode) {
        LaneFixture fixture = connected(mode);
        assertThat(fixture.counters.openCalls(D1)).isEqualTo(1);

        fixture.callerSends(routed(fixture, "BYE"));

        assertThat(fixture.counters.openCalls(D1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void soDoesAByeOfTheCallee(String mode) {
        LaneFixture fixture = connected(mode);

        fixture.arrives(
                routed(fixture, "BYE").replace("sip:bob@10.0.0.1 SIP", "sip:alice@192.0.2.1 SIP"),
                new Flow(MAIN, address("10.0.0.1:5060"), 0));

        assertThat(fixture.sent()).last().isEqualTo("BYE to caller");
        assertThat(fixture.counters.openCalls(D1)).isZero();
    }

    @Test
    void soDoesAByeThatIsCarriedWithMemory() {
        LaneFixture fixture = connected("stateful");

        fixture.arrives(routed(fixture, "BYE"), new Flow(STREAM, address("192.0.2.1:33000"), 7));

        assertThat(fixture.counters.openCalls(D1)).isZero();
    }

    @Test
    void soDoesAByeWithoutARoute() {
        LaneFixture fixture = connected("stateful");

        fixture.callerSends(call(inDialog("BYE"), 1));

        assertThat(fixture.counters.openCalls(D1)).isZero();
    }

    @Test
    void theDestinationThatAnsweredHasTheCall() {
        stateful.callerSends(call(invite(), 1));
        stateful.destinationAnswers(500);
        stateful.destinationAnswers(200);

        assertThat(stateful.counters.openCalls(D1)).isZero();
        assertThat(stateful.counters.openCalls(D2)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void neitherRingingNorARefusalNorAnotherMethodOpensACall(String mode) {
        LaneFixture fixture = of(mode);
        fixture.callerSends(call(invite(), 1));
        fixture.destinationAnswers(180);
        fixture.destinationAnswers(486);
        fixture.callerSends(call(request("MESSAGE"), 2));
        fixture.destinationAnswers(200);

        assertThat(fixture.counters.openCalls(D1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void repeatedAndForkedAnswersAreOneCall(String mode) {
        LaneFixture fixture = connected(mode);
        fixture.destinationAnswers(200);
        fixture.answers(fixture.lastOf("INVITE"), 200, "X-Fork: 2");

        assertThat(fixture.counters.openCalls(D1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void aRepeatedByeEndsItsOwnCallOnly(String mode) {
        LaneFixture fixture = of(mode);
        connect(fixture, 2);
        connect(fixture, 1);
        String bye = routed(fixture, "BYE");

        fixture.callerSends(bye);
        fixture.callerSends(bye);

        assertThat(fixture.counters.openCalls(D1)).isEqualTo(1);
    }

    @Test
    void anAnswerThatIsRepeatedBehindTheByeOpensNothing() {
        LaneFixture fixture = connected("stateless");
        LaneFixture.Sent sent = fixture.lastOf("INVITE");
        fixture.callerSends(routed(fixture, "BYE"));

        fixture.answers(sent, 200);

        assertThat(fixture.counters.openCalls(D1)).isZero();
    }

    @Test
    void aByeThatGoesNowhereEndsNothing() {
        LaneFixture fixture = connected("stateful");

        fixture.callerSends(routed(fixture, "BYE").replace("Max-Forwards: 70", "Max-Forwards: 0"));
        fixture.callerSends(routed(fixture, "BYE").replace("sip:bob@10.0.0.1 SIP", "sip:bob@nowhere.example SIP"));

        assertThat(fixture.counters.openCalls(D1)).isEqualTo(1);
    }

    @Test
    void aReInviteIsTheSameCall() {
        LaneFixture fixture = connected("stateful");

        fixture.callerSends(routed(fixture, "INVITE"));
        fixture.destinationAnswers(200);

        assertThat(fixture.counters.openCalls(D1)).isEqualTo(1);
    }

    @Test
    void anAnswerThatCrossesACancelOpensACall() {
        stateful.callerSends(invite());
        stateful.destinationAnswers(180);
        stateful.callerSends(request("CANCEL"));
        stateful.destinationAnswers(200);

        assertThat(stateful.counters.openCalls(D1)).isEqualTo(1);
    }

    @Test
    void oneThatIsCalledOffOpensNone() {
        stateful.callerSends(invite());
        stateful.destinationAnswers(180);
        stateful.callerSends(request("CANCEL"));
        stateful.destinationAnswers(487);

        assertThat(stateful.counters.openCalls(D1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void callsWhoseByeWillNotComeByAreNotCounted(String mode) {
        LaneFixture fixture = LaneFixture.stateful("relay-defaults { mode = " + mode + ", record-route = off }");
        connect(fixture, 1);

        assertThat(fixture.counters.openCalls(D1)).isZero();
    }

    @Test
    void aCallWhoseByeGotLostIsLetGo() {
        LaneFixture fixture = LaneFixture.stateful("relay.call-longest = 5 minutes");
        connect(fixture, 1);
        fixture.passes(60_000);
        connect(fixture, 2);

        fixture.passes(239_000);
        assertThat(fixture.counters.openCalls(D1)).isEqualTo(2);
        fixture.passes(2_000);
        assertThat(fixture.counters.openCalls(D1)).isEqualTo(1);
        fixture.passes(60_000);
        assertThat(fixture.counters.openCalls(D1)).isZero();
    }

    @Test
    void whenThereAreTooManyTheOldestAreLetGo() {
        LaneFixture fixture = LaneFixture.stateful("relay.call-memory = 2");
        connect(fixture, 1);
        connect(fixture, 2);
        connect(fixture, 3);
        assertThat(fixture.counters.openCalls(D1)).isEqualTo(2);

        fixture.callerSends(call(inDialog("BYE"), 1));
        assertThat(fixture.counters.openCalls(D1)).isEqualTo(2);
        fixture.callerSends(call(inDialog("BYE"), 2));
        fixture.callerSends(call(inDialog("BYE"), 3));
        assertThat(fixture.counters.openCalls(D1)).isZero();
    }

    @Test
    void callsEndInAnyOrder() {
        for (int i = 1; i <= 9; i++) {
            connect(stateful, i);
        }
        for (int i : new int[] {5, 1, 9, 4, 6, 2, 8, 3, 7}) {
            stateful.callerSends(call(inDialog("BYE"), i));
        }
        connect(stateful, 10);

        assertThat(stateful.counters.openCalls(D1)).isEqualTo(1);
    }
}
