package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sip.TestMessages.CALL_ID;
import static org.sipdispatch.sip.TestMessages.FROM;
import static org.sipdispatch.sip.TestMessages.TO;
import static org.sipdispatch.sip.TestMessages.failure;
import static org.sipdispatch.sip.TestMessages.request;
import static org.sipdispatch.sip.TestMessages.text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseWriterTest {
    private static final ResponseWriter.RequestSource SOURCE =
            new ResponseWriter.RequestSource("192.0.2.9", null, 1234);

    private final ResponseWriter writer = new ResponseWriter();

    private String reply(SipRequest request, int code) {
        return new String(
                writer.write(request, code, "Why", SOURCE, 0, "").copy(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String options(String... headers) {
        return text("OPTIONS sip:b@h SIP/2.0", String.join("\r\n", headers));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            h;branch=b                           | h;branch=b;received=192.0.2.9
            192.0.2.9;branch=b                   | 192.0.2.9;branch=b
            192.0.2.9:5060;branch=b;rport        | 192.0.2.9:5060;branch=b;rport=1234;received=192.0.2.9
            192.0.2.9;rport;branch=b             | 192.0.2.9;rport=1234;branch=b;received=192.0.2.9
            h;rport=99;branch=b                  | h;rport=1234;branch=b;received=192.0.2.9
            h;rport;branch=b;rport=5             | h;rport=1234;branch=b;received=192.0.2.9
            h;received=6.6.6.6;branch=b          | h;branch=b;received=192.0.2.9
            192.0.2.9;received=6.6.6.6;branch=b  | 192.0.2.9;branch=b
            h;branch=b; Received = 6.6.6.6 ;x    | h;branch=b;x;received=192.0.2.9
            h;x="a;received=1.1.1.1";branch=b    | h;x="a;received=1.1.1.1";branch=b;received=192.0.2.9
            h;x=a"b;received=6.6.6.6;y           | h;x=a"b;y;received=192.0.2.9
            h                                    | h;received=192.0.2.9
            """)
    void theTopViaIsCompletedWithTheSource(String sentBy, String expected) {
        String second = "Via: SIP/2.0/UDP below;received=7.7.7.7;rport";
        SipRequest request =
                request(options("Via: SIP/2.0/UDP " + sentBy, second, FROM, TO, CALL_ID, "CSeq: 1 OPTIONS"));

        String reply = reply(request, 400);

        assertThat(reply).contains("\r\nVia: SIP/2.0/UDP " + expected + "\r\n" + second + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::9, [2001:db8::9], ''",
        "2001:db8::9, [2001:db8::8], ;received=2001:db8::9",
        "2001:db8::9, h, ;received=2001:db8::9",
        "0:0:0:0:0:0:0:1, [::1], ''",
        "0:0:0:0:0:0:0:1, [0:0::0001], ''",
        "0:0:0:0:0:0:0:1, [::2], ;received=0:0:0:0:0:0:0:1",
        "0:0:0:0:0:0:0:1, [::], ;received=0:0:0:0:0:0:0:1",
        "0:0:0:0:0:0:0:1, [::1::], ;received=0:0:0:0:0:0:0:1",
        "0:0:0:0:0:0:0:1, [1::], ;received=0:0:0:0:0:0:0:1",
        "2001:db8:0:0:0:0:0:0, [2001:DB8::], ''",
        "2001:db8:0:0:1:0:0:9, [2001:0db8::1:0:0:9], ''",
        "2001:db8:1:2:3:4:5:6, [2001:db8:1:2:3:4:5:6], ''",
        "2001:db8:1:2:3:4:5:6, [2001:db8:1:2:3:4:5:6:7], ;received=2001:db8:1:2:3:4:5:6",
        "2001:db8:1:2:3:4:5:6, [2001:db8:1:2:3:4:5], ;received=2001:db8:1:2:3:4:5:6",
        "192.0.2.9, [::1], ;received=192.0.2.9",
    })
    void anIpv6SourceHasNoBracketsInReceived(String source, String sentBy, String added) {
        String via = "Via: SIP/2.0/UDP " + sentBy + ";branch=b";
        SipRequest request = request(options(via, FROM, TO, CALL_ID, "CSeq: 1 OPTIONS"));

        byte[] v6 = IpLiteral.parse(source).length == 16 ? IpLiteral.parse(source) : null;
        byte[] reply = writer.write(request, 400, "Why", new ResponseWriter.RequestSource(source, v6, 1), 0, "")
                .copy();

        assertThat(Ascii.text(reply, 0, reply.length)).contains("\r\n" + via + added + "\r\n");
    }

    @Test
    void onlyTheFirstViaOfAListIsCompleted() {
        SipRequest request = request(
                options("v: SIP/2.0/UDP h;rport, SIP/2.0/TCP below;rport", FROM, TO, CALL_ID, "CSeq: 1 OPTIONS"));

        assertThat(reply(request, 400))
                .contains("v: SIP/2.0/UDP h;rport=1234;received=192.0.2.9, SIP/2.0/TCP below;rport\r\n");
    }

    @Test
    void aReplyIsWrittenWhole() {
        SipRequest request = request(options(
                "Via: SIP/2.0/UDP 192.0.2.9;branch=b",
                "Max-Forwards: 70",
                FROM,
                "t:\r\n <sip:b@h>",
                CALL_ID,
                "CSeq: 1 OPTIONS",
                "Subject: x"));

        String reply = new String(
                writer.write(request, 503, "Service Unavailable", SOURCE, 0, "Retry-After: 5\r\n")
                        .copy(),
                java.nio.charset.StandardCharsets.UTF_8);

        assertThat(reply)
                .isEqualTo(text(
                        "SIP/2.0 503 Service Unavailable",
                        "Via: SIP/2.0/UDP 192.0.2.9;branch=b",
                        FROM,
                        "t:\r\n <sip:b@h>;tag=AAAAAAAAAAA",
                        CALL_ID,
                        "CSeq: 1 OPTIONS",
                        "Retry-After: 5",
                        "Content-Length: 0"));
    }

    @Test
    void tryingAndTaggedRequestsGetNoNewTag() {
        String via = "Via: SIP/2.0/UDP 192.0.2.9;branch=b";
        SipRequest outside = request(options(via, FROM, TO, CALL_ID, "CSeq: 1 OPTIONS"));
        SipRequest inside = request(options(via, FROM, TO + ";tag=b2", CALL_ID, "CSeq: 1 OPTIONS"));

        assertThat(reply(outside, 100)).contains(TO + "\r\n");
        assertThat(reply(inside, 404)).contains(TO + ";tag=b2\r\n");
    }

    @Test
    void aReplyToDoubledHeadersHasEachOnce() {
        ParseFailure failure = failure(options(
                "Via: SIP/2.0/UDP 192.0.2.9;branch=b",
                FROM,
                TO,
                CALL_ID,
                "CSeq: 1 OPTIONS",
                "To: <sip:second@h>",
                "i: second",
                "CSeq: 2 OPTIONS",
                "f: <sip:second@h>"));

        String reply = reply(failure.request(), failure.code());

        assertThat(reply).doesNotContain("second").doesNotContain("CSeq: 2").contains(FROM, TO, CALL_ID);
        assertThat(TestMessages.parse(reply)).isInstanceOf(SipResponse.class);
    }
}
