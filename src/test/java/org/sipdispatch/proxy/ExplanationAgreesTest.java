package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.settings.SettingException;

/** Each request is first explained and then sent; both results must agree. */
class ExplanationAgreesTest {
    private static final String RULES = """
            rules = [
              { when.method = SUBSCRIBE, reply { code = 489, reason = "Bad Event" } }
              { when.header.X-Redirect = yes, select { set = 1, alg = 8, flags = F }, relay.mode = redirect }
              { when.header.X-Stateless = yes, select { set = 1, alg = 8, flags = F }, relay.mode = stateless }
              { when.header.X-Set = ".+", select { set = "$hdr(X-Set)", alg = 8, flags = F } }
              { when.method = "INVITE|MESSAGE|OPTIONS|BYE", select { set = 1, alg = 8, flags = F } }
            ]
            """;

    private static List<String> messages() {
        List<String> all = new ArrayList<>();
        String[] methods = {"INVITE", "MESSAGE", "OPTIONS", "REGISTER", "SUBSCRIBE", "BYE", "ACK", "CANCEL"};
        for (String method : methods) {
            all.add(request(method));
            all.add(inDialog(method));
            all.add(request(method, "X-Redirect: yes"));
            all.add(request(method, "X-Stateless: yes"));
            for (String set : List.of("1", "2", "3", "4", "2,1", "nonsense")) {
                all.add(request(method, "X-Set: " + set));
            }
            all.add(request(method, "Proxy-Require: foo"));
            all.add(request(method, "Route: <sip:10.7.7.7;lr>"));
            all.add(request(method, "Route: <sip:[2001:db8::7];lr>"));
            all.add(request(method, "Route: <sip:192.0.2.10;lr>"));
            all.add(request(method, "Route: <sip:192.0.2.10;lr>, <sip:10.7.7.7;lr>"));
            all.add(request(method, "Route: nonsense"));
            all.add(request(method, "Via: nonsense nonsense"));
            all.add(request(method).replace("Max-Forwards: 70", "Max-Forwards: 0"));
            all.add(request(method).replace("Max-Forwards: 70", "Max-Forwards: x"));
            all.add(request(method).replace("sip:bob@example.com SIP", "tel:123 SIP"));
            all.add(request(method).replace("sip:bob@example.com SIP", "sip:192.0.2.10 SIP"));
            all.add(request(method)
                    .replace("sip:bob@example.com SIP", "sip:192.0.2.10 SIP")
                    .replace("Max-Forwards: 70", "Max-Forwards: 0"));
            all.add(request(method).replace("CSeq: 1 ", "CSeq: 1 X"));
            all.add(request(method).replace("Content-Length: 0", "Content-Length: 10"));
        }
        return all;
    }

    private static LaneFixture fixture(String preloaded) {
        return LaneFixture.stateful(RULES, "relay.preloaded-route = " + preloaded)
                .set(2)
                .set(3, "sip:[2001:db8::1]", "sip:nowhere.example.net")
                .set(4, "sip:[2001:db8::1]", "sip:10.0.0.2@@other");
    }

    private static List<String> preloaded() {
        return List.of("deny", "follow", "dispatch");
    }

    @ParameterizedTest
    @MethodSource("preloaded")
    void whatIsReportedIsWhatHappens(String preloaded) {
        for (String message : messages()) {
            agrees(fixture(preloaded), message);
        }
    }

    @Test
    void whatIsReportedByANodeThatStopsIsWhatHappens() {
        for (String message : messages()) {
            LaneFixture fixture = fixture("deny");
            fixture.refusesNewCalls();
            agrees(fixture, message);
        }
    }

    @Test
    void whatIsReportedInADialogIsWhatHappens() {
        for (String message : messages()) {
            LaneFixture fixture = fixture("deny");
            fixture.callerSends(invite("X-Set: 1").replace("z9hG4bKc1", "z9hG4bKfirst"));
            fixture.destinationAnswers(200);
            String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route", "Route");
            fixture.sent();
            agrees(fixture, message.replace("To: <sip:bob@example.com>\r", "To: <sip:bob@example.com>;tag=d1\r"));
            fixture.sent();
            agrees(
                    fixture,
                    message.replace("z9hG4bK", "z9hG4bKroute")
                            .replace("sip:bob@example.com SIP", "sip:bob@10.8.8.8 SIP")
                            .replace("To: <sip:bob@example.com>\r", route + "\r\nTo: <sip:bob@example.com>;tag=d1\r"));
        }
    }

    private static void agrees(LaneFixture fixture, String message) {
        Explanation explained = explain(fixture, message);
        assertThat(fixture.sent()).isEmpty();

        fixture.callerSends(message);

        List<String> happened = new ArrayList<>(fixture.sent());
        happened.remove("100 to caller");
        assertThat(happened).as("%s for%n%s", explained, message).isEqualTo(expected(explained, message));
        if (explained != null && explained.replyCode() > 0 && !happened.isEmpty()) {
            assertThat(fixture.last().startLine())
                    .isEqualTo("SIP/2.0 " + explained.replyCode() + " " + explained.replyReason());
        }
    }

    /** Null for a message that is dropped without a response. */
    private static Explanation explain(LaneFixture fixture, String message) {
        try {
            return fixture.explained(message);
        } catch (SettingException e) {
            assertThat(e).hasMessageStartingWith("message: ");
            return null;
        }
    }

    private static List<String> expected(Explanation explained, String message) {
        if (explained == null) {
            return List.of();
        }
        if (explained.replyCode() > 0) {
            return message.startsWith("ACK") ? List.of() : List.of(explained.replyCode() + " to caller");
        }
        String where = explained.reason().replaceFirst(".*to udp:(\\S+) from socket .*", "$1");
        String name = where.matches("10\\.0\\.0\\.[123]:5060") ? "d" + where.charAt(7) : where;
        return List.of(message.substring(0, message.indexOf(' ')) + " to " + name);
    }
}
