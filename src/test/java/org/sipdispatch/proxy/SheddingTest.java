package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.transaction.Flow;

/** An overloaded lane sheds new requests and nothing else. */
class SheddingTest {
    private final LaneFixture fixture = LaneFixture.stateful("relay.overload.shed = on");

    private static String another(String message, int number) {
        return message.replace("z9hG4bKc1", "z9hG4bKnew" + number);
    }

    private static String options(String uri) {
        return request("OPTIONS").replace("sip:bob@example.com SIP", uri + " SIP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "SUBSCRIBE", "REGISTER", "MESSAGE", "OPTIONS"})
    void newRequestsAreRefusedWithAShort503(String method) {
        fixture.isOverloaded(51);

        fixture.callerSends(request(method, "Contact: <sip:alice@192.0.2.1>", "User-Agent: a phone"));

        assertThat(fixture.sent()).containsExactly("503 to caller");
        assertThat(fixture.last().text().lines().map(line -> line.replaceFirst("^(To: .*;tag=).*", "$1")))
                .containsExactly(
                        "SIP/2.0 503 Overloaded",
                        "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKc1",
                        "From: <sip:alice@example.com>;tag=a1",
                        "To: <sip:bob@example.com>;tag=",
                        "Call-ID: c1@192.0.2.1",
                        "CSeq: 1 " + method,
                        "Content-Length: 0",
                        "");
        assertThat(fixture.transactions()).isZero();
        assertThat(fixture.asked).isEmpty();
        assertThat(fixture.counters.get(LaneCounter.REFUSED_OVERLOADED)).isOne();
        assertThat(fixture.counters.limits().hits(Limit.OVERLOAD)).isOne();
    }

    @Test
    void theAckForARefusalEndsHere() {
        fixture.isOverloaded(51);
        fixture.callerSends(invite());
        String to = fixture.last().line("To");

        fixture.callerSends(request("ACK").replace("To: <sip:bob@example.com>", to));

        assertThat(fixture.sent()).containsExactly("503 to caller");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void whatIsUnderWayGoesOn(String mode) {
        LaneFixture one = LaneFixture.stateful("relay-defaults.mode = " + mode, "relay.overload.shed = on");
        one.callerSends(invite());
        one.destinationAnswers(180);
        one.isOverloaded(51);
        one.sent();

        one.callerSends(invite());
        one.callerSends(request("CANCEL"));
        one.answers(one.lastOf("INVITE"), 487);

        assertThat(one.sent()).doesNotContain("503 to caller").contains("CANCEL to d1", "487 to caller");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BYE", "INVITE", "PRACK", "UPDATE", "ACK"})
    void requestsOfDialogsAreRelayed(String method) {
        fixture.callerSends(invite());
        String route = fixture.last().line("Record-Route").replace("Record-Route", "Route");
        fixture.destinationAnswers(200);
        fixture.isOverloaded(51);
        fixture.sent();

        fixture.callerSends(inDialog(method, route).replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP"));

        assertThat(fixture.sent()).contains(method + " to d1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<urn:service:sos>", "urn:service:sos", "\"Help\" <URN:service:SOS.police>"})
    void emergencyCallsAreRelayed(String to) {
        fixture.isOverloaded(51);

        fixture.callerSends(invite().replace("To: <sip:bob@example.com>", "To: " + to));

        assertThat(fixture.sent()).contains("INVITE to d1");
    }

    @Test
    void anEmergencyCallWithTheServiceAsItsTargetIsAnsweredAsAlways() {
        fixture.isOverloaded(51);

        fixture.callerSends(invite().replace("sip:bob@example.com SIP", "urn:service:sos SIP"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 416 Unsupported URI Scheme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<urn:service:sosa>", "<urn:service:so>", "<sip:urn:service:sos@example.com>"})
    void otherUrisAreNoEmergencyCalls(String to) {
        fixture.isOverloaded(51);

        fixture.callerSends(invite().replace("To: <sip:bob@example.com>", "To: " + to));

        assertThat(fixture.sent()).containsExactly("503 to caller");
    }

    @ParameterizedTest
    @CsvSource({
        "esnet.0, true",
        "ESNET.4, true",
        "'dsn.flash, wps.1', true",
        "wps.0, false",
        "esnet, true",
        "esnets.0, false",
        "esnet-x.0, false",
        "wps.11, false",
    })
    void whichPrioritiesAreRelayedIsASetting(String priority, boolean relayed) {
        LaneFixture one =
                LaneFixture.stateful("relay.overload.urgent-priorities = [esnet, wps.1]", "relay.overload.shed = on");
        one.isOverloaded(51);

        one.callerSends(request("INVITE", "Subject: x", "Resource-Priority: " + priority));

        assertThat(one.sent().contains("503 to caller")).isEqualTo(!relayed);
    }

    @Test
    void withoutTheSettingPrioritiesDoNotCount() {
        fixture.isOverloaded(51);

        fixture.callerSends(request("INVITE", "Resource-Priority: esnet.0"));

        assertThat(fixture.sent()).containsExactly("503 to caller");
    }

    @Test
    void optionsToThisNodeIsAnswered() {
        fixture.isOverloaded(51);

        fixture.callerSends(options("sip:192.0.2.10"));

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void optionsToThisNodeThatARuleAnswersIsAnsweredTooButNotOneThatIsDispatched() {
        LaneFixture one = LaneFixture.stateful(
                "rules = [ { when { method = [OPTIONS], ruri = \"^sip:ping@\" }, reply { code = 404 } },"
                        + " { select { set = 1 } } ]",
                "relay.overload.shed = on");
        one.isOverloaded(51);

        one.callerSends(options("sip:ping@192.0.2.10"));
        one.callerSends(another(options("sip:bob@192.0.2.10"), 2));

        assertThat(one.sent()).containsExactly("404 to caller", "503 to caller");
        assertThat(one.asked).isEmpty();
    }

    @Test
    void aRepetitionOfARefusedRequestIsRefusedEvenIfTheQueueIsShortAgain() {
        fixture.isOverloaded(51);
        fixture.callerSends(invite());
        String first = fixture.last().text();
        fixture.messagesWaited(0);

        fixture.callerSends(invite());
        fixture.callerSends(another(invite(), 2));

        assertThat(fixture.sent()).containsExactly("503 to caller", "503 to caller", "100 to caller", "INVITE to d1");
        fixture.callerSends(invite());
        assertThat(fixture.last().text()).isEqualTo(first);
    }

    @Test
    void requestsOverUdpAreDroppedIfMessagesWaitVeryLongButNotThoseOverTcp() {
        fixture.isOverloaded(10_001);

        fixture.callerSends(invite());
        assertThat(fixture.sent()).isEmpty();
        fixture.arrives(another(invite(), 2), new Flow(STREAM, address("192.0.2.1:5060"), 7));

        assertThat(fixture.sent()).containsExactly("503 to caller");
        assertThat(fixture.counters.get(LaneCounter.DROPPED_OVERLOADED)).isOne();
        assertThat(fixture.counters.get(LaneCounter.REFUSED_OVERLOADED)).isOne();
    }

    @Test
    void theStateIsPublishedAtTheNextTick() {
        fixture.isOverloaded(51);
        assertThat(fixture.counters.overload()).isEqualTo(OverloadState.NORMAL);

        fixture.passes(20);
        assertThat(fixture.counters.overload().mode()).isEqualTo(OverloadState.Mode.REFUSING);

        fixture.passes(1000);
        fixture.messagesWaited(0);
        fixture.passes(20);
        assertThat(fixture.counters.overload()).isEqualTo(OverloadState.NORMAL);
    }

    @ParameterizedTest
    @CsvSource({"0s, 0", "1500ms, 2", "10s, 10"})
    void retryAfterIsASetting(String time, int seconds) {
        LaneFixture one = LaneFixture.stateful("relay.overload.retry-after = " + time, "relay.overload.shed = on");
        one.isOverloaded(51);

        one.callerSends(invite());

        assertThat(one.last().lines("Retry-After"))
                .isEqualTo(seconds == 0 ? List.of() : List.of("Retry-After: " + seconds));
    }

    @Test
    void switchedOffAllIsRelayed() {
        LaneFixture one = LaneFixture.stateful("relay.overload.shed = off");
        one.isOverloaded(1000);

        one.callerSends(invite());

        assertThat(one.sent()).contains("INVITE to d1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "target = 2s; relay.overload.target: 2s (expected: a time with its unit from 1ms to 1s)",
                "interval = 1ms; relay.overload.interval: 1ms (expected: a time with its unit from 10ms to 10s)",
                "silent-after = 5ms; relay.overload.silent-after: 5ms (expected: a time with its unit from 51ms to 60s)",
                "urgent-priorities = [esnet, a b]; relay.overload.urgent-priorities: a b (expected: a namespace of"
                        + " Resource-Priority such as esnet, or esnet.0)",
                "retry-after = 2h; relay.overload.retry-after: 2h (expected: a time with its unit from 0s to 3600s)",
            })
    void aWrongSettingIsReportedWithItsPath(String text, String message) {
        assertThatThrownBy(() -> LaneFixture.stateful("relay.overload." + text))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }
}
