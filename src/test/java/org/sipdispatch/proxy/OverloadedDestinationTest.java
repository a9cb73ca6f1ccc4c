package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.SendFailure;

/** Destinations that ask for fewer requests with overload control (RFC 7339). */
class OverloadedDestinationTest {
    private static final String ON = "relay.overload.ask-destinations = on";
    private static final String OFFER = ";oc;oc-algo=\"loss\"";

    private static LaneFixture fixture(String mode) {
        return LaneFixture.stateful("relay-defaults.mode = " + mode, ON);
    }

    private static String message(int number) {
        return request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKnew" + number);
    }

    /** The destination of the last request answers 200 and asks that this share be kept from it. */
    private static void asks(LaneFixture fixture, String method, int percent) {
        LaneFixture.Sent last = fixture.lastOf(method);
        assertThat(last.line("Via")).endsWith(OFFER);
        String answer = LaneFixture.response(last.message(), 200)
                .replaceFirst(OFFER, ";oc=" + percent + ";oc-algo=\"loss\";oc-validity=10000;oc-seq=1.1");
        fixture.arrives(answer, new Flow(last.socket(), last.to(), 0));
        fixture.sent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void theShareGoesToTheNextCandidate(String mode) {
        LaneFixture fixture = fixture(mode);
        fixture.callerSends(message(0));
        asks(fixture, "MESSAGE", 50);

        for (int i = 1; i <= 20; i++) {
            fixture.callerSends(message(i));
        }

        List<String> sent = fixture.sent();
        assertThat(Collections.frequency(sent, "MESSAGE to d1")).isEqualTo(10);
        assertThat(Collections.frequency(sent, "MESSAGE to d2")).isEqualTo(10);
        assertThat(fixture.counters.get(SendFailure.OVERLOADED)).isEqualTo(10);
        fixture.passes(500);
        assertThat(fixture.observations)
                .allSatisfy(one -> assertThat(one.failed()).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void ifNoCandidateIsLeftTheCallerGetsA503(String mode) {
        LaneFixture fixture = fixture(mode).set(1, "sip:10.0.0.1");
        fixture.callerSends(message(0));
        asks(fixture, "MESSAGE", 100);

        fixture.callerSends(message(1));
        fixture.callerSends(message(1));

        assertThat(fixture.sent()).containsExactly("503 to caller", "503 to caller");
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Destination Overloaded");
        assertThat(fixture.last().lines("Retry-After")).isEmpty();
        assertThat(fixture.counters.get(SendFailure.OVERLOADED)).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void emergencyCallsAreSentAndMadeUpForByOthers(String mode) {
        LaneFixture fixture = fixture(mode);
        fixture.callerSends(message(0));
        asks(fixture, "MESSAGE", 50);

        fixture.callerSends(message(1).replace("To: <sip:bob@example.com>", "To: <urn:service:sos>"));
        fixture.callerSends(message(2).replace("To: <sip:bob@example.com>", "To: <urn:service:sos.fire>"));
        fixture.callerSends(message(3));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d1", "MESSAGE to d2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void whatBelongsToADialogOrATransactionIsSent(String mode) {
        LaneFixture fixture = fixture(mode);
        fixture.callerSends(invite());
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route", "Route");
        asks(fixture, "INVITE", 100);

        fixture.callerSends(inDialog("ACK", route).replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP"));
        fixture.callerSends(inDialog("BYE", route).replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP"));

        assertThat(fixture.sent()).containsExactly("ACK to d1", "BYE to d1");
    }

    @Test
    void theCancelHasTheViaOfItsInvite() {
        LaneFixture fixture = fixture("stateful");
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);

        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.lastOf("CANCEL").line("Via"))
                .isEqualTo(fixture.lastOf("INVITE").line("Via"))
                .endsWith(OFFER);
    }

    @Test
    void theCallerDoesNotSeeWhatTheDestinationAsksFor() {
        LaneFixture fixture = fixture("stateful");
        fixture.callerSends(message(0));
        asks(fixture, "MESSAGE", 50);

        assertThat(fixture.lastTo("caller").text()).startsWith("SIP/2.0 200").doesNotContain("oc=");
    }

    @Test
    void theNextAddressOfANameIsTriedBeforeTheNextCandidate() {
        LaneFixture fixture = fixture("stateful")
                .host("gw.example.net", "10.0.0.1:5060", "10.0.0.2:5060")
                .set(1, "sip:gw.example.net", "sip:10.0.0.3");
        fixture.callerSends(message(0));
        asks(fixture, "MESSAGE", 100);

        fixture.callerSends(message(1));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d2");
    }

    @Test
    void withoutTheSettingNothingIsOffered() {
        LaneFixture fixture = LaneFixture.stateful();

        fixture.callerSends(message(0));

        assertThat(fixture.lastOf("MESSAGE").line("Via")).doesNotContain(";oc");
    }
}
