package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

/** Builds messages for tests, line by line. */
final class TestMessages {
    static final String VIA = "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKabc";
    static final String FROM = "From: <sip:alice@example.com>;tag=a1";
    static final String TO = "To: <sip:bob@example.com>";
    static final String CALL_ID = "Call-ID: c1@192.0.2.1";

    private TestMessages() {}

    /** Joins lines with CRLF and appends an empty line, without a body. */
    static String text(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    static String requestText(String method, String... more) {
        String start = method + " sip:bob@example.com SIP/2.0";
        return text(start, VIA, FROM, TO, CALL_ID, "CSeq: 1 " + method + lines(more));
    }

    static String responseText(String method, String... more) {
        return text("SIP/2.0 200 OK", VIA, FROM, TO, CALL_ID, "CSeq: 1 " + method + lines(more));
    }

    private static String lines(String... more) {
        return more.length == 0 ? "" : "\r\n" + String.join("\r\n", more);
    }

    static ParseResult parse(String text) {
        byte[] bytes = Ascii.bytes(text);
        return SipParser.parse(bytes, 0, bytes.length);
    }

    static SipRequest request(String text) {
        ParseResult input = parse(text);
        assertThat(input).isInstanceOf(SipRequest.class);
        return (SipRequest) input;
    }

    static SipResponse response(String text) {
        ParseResult input = parse(text);
        assertThat(input).isInstanceOf(SipResponse.class);
        return (SipResponse) input;
    }

    static ParseFailure failure(String text) {
        ParseResult input = parse(text);
        assertThat(input).isInstanceOf(ParseFailure.class);
        return (ParseFailure) input;
    }

    static Via via(String text) {
        byte[] bytes = Ascii.bytes(text);
        return Via.parse(bytes, 0, bytes.length);
    }

    static NameAddr nameAddr(String text) {
        byte[] bytes = Ascii.bytes(text);
        return NameAddr.parse(bytes, 0, bytes.length);
    }
}
