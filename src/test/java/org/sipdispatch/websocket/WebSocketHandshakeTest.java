package org.sipdispatch.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.websocket.WebSocketHandshake.Outcome;

class WebSocketHandshakeTest {
    /** RFC 7118 section 4.1. */
    private static final String REQUEST = """
            GET / HTTP/1.1
            Host: sip-ws.example.com
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Origin: http://www.example.com
            Sec-WebSocket-Protocol: sip
            Sec-WebSocket-Version: 13

            """.replace("\n", "\r\n");

    private static Outcome outcome(String request, String... origins) {
        return new WebSocketHandshake(Set.of(origins)).add(request.getBytes(ISO_8859_1));
    }

    private static String response(Outcome outcome) {
        return new String(outcome.response(), ISO_8859_1);
    }

    private static String without(String field) {
        return REQUEST.replaceFirst(field + ": [^\r]*\r\n", "");
    }

    private static void assertRefused(Outcome outcome, WebSocketFailure why, String status) {
        assertThat(outcome.failure()).isEqualTo(why);
        assertThat(response(outcome)).startsWith("HTTP/1.1 " + status + "\r\n").contains("close\r\n");
        String body = response(outcome).split("\r\n\r\n", 2)[1];
        assertThat(response(outcome)).contains("\r\nContent-Length: " + body.length() + "\r\n");
    }

    /** RFC 6455 section 1.3, and the answer of RFC 7118 section 4.1. */
    @Test
    void theExampleOfTheStandardIsAccepted() {
        assertThat(WebSocketHandshake.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(response(outcome(REQUEST))).isEqualTo("""
                HTTP/1.1 101 Switching Protocols
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
                Sec-WebSocket-Protocol: sip

                """.replace("\n", "\r\n"));
        assertThat(outcome(REQUEST).failure()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /ws?a=b HTTP/1.1",
                "upgrade: h2c, WebSocket",
                "CONNECTION: keep-alive, Upgrade",
                "sec-websocket-protocol: xmpp,sip",
                "Sec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Protocol: sip",
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                "Host:sip-ws.example.com  "
            })
    void otherFormsAreAcceptedToo(String line) {
        String name = line.split("[: ]")[0];
        String request = line.startsWith("GET ")
                ? REQUEST.replaceFirst("GET [^\r]*", line)
                : REQUEST.replaceFirst("(?i)\r\n" + name + ": [^\r]*", "").replaceFirst("\r\n", "\r\n" + line + "\r\n");

        assertThat(response(outcome(request))).startsWith("HTTP/1.1 101 ").doesNotContain("deflate");
    }

    @Test
    void everySplitIsAcceptedAndTheBytesAfterTheRequestAreKept() {
        byte[] all = (REQUEST + "frames").getBytes(ISO_8859_1);
        for (int split = 1; split < REQUEST.length(); split++) {
            WebSocketHandshake handshake = new WebSocketHandshake(Set.of());
            assertThat(handshake.add(Arrays.copyOf(all, split))).isNull();
            assertThat(handshake.held()).isEqualTo(split);
            Outcome outcome = handshake.add(Arrays.copyOfRange(all, split, all.length));
            assertThat(outcome.failure()).isNull();
            assertThat(new String(outcome.rest(), ISO_8859_1)).isEqualTo("frames");
            assertThat(handshake.held()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Sec-WebSocket-Key"})
    void aRequestWithoutAFieldIsRefused(String field) {
        assertRefused(outcome(without(field)), WebSocketFailure.BAD_REQUEST, "400 Bad Request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: another",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Content-Length: 5",
                "Transfer-Encoding: chunked",
                "no field",
                " folded",
                "Name : value",
                "Name: a\nb",
                "Name: a\0b"
            })
    void aRequestWithAnotherFieldIsRefused(String line) {
        assertRefused(
                outcome(REQUEST.replaceFirst("\r\n", "\r\n" + line + "\r\n")),
                WebSocketFailure.BAD_REQUEST,
                "400 Bad Request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.0", "GET /", "GET / a HTTP/1.1", "OPTIONS sip:a@b SIP/2.0", "get"})
    void anotherRequestLineIsRefused(String line) {
        assertRefused(
                outcome(REQUEST.replaceFirst("GET [^\r]*", line)), WebSocketFailure.BAD_REQUEST, "400 Bad Request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0016\u0003\u0001", "\r\n", "1"})
    void whatIsNoRequestIsRefusedAtItsFirstByte(String text) {
        assertRefused(outcome(text), WebSocketFailure.BAD_REQUEST, "400 Bad Request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "get", "REGISTER"})
    void anotherMethodIsRefused(String method) {
        Outcome outcome = outcome(REQUEST.replaceFirst("GET", method));

        assertRefused(outcome, WebSocketFailure.WRONG_METHOD, "405 Method Not Allowed");
        assertThat(response(outcome)).contains("\r\nAllow: GET\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "Connection"})
    void aRequestOfABrowserForAPageIsToldToUpgrade(String field) {
        Outcome outcome = outcome(without(field));

        assertRefused(outcome, WebSocketFailure.NO_UPGRADE, "426 Upgrade Required");
        assertThat(response(outcome)).contains("\r\nUpgrade: websocket\r\n", "\r\nConnection: Upgrade, close\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Sec-WebSocket-Version: 8\r\n", "Sec-WebSocket-Version: 13, 8\r\n"})
    void anotherVersionIsRefused(String line) {
        Outcome outcome = outcome(REQUEST.replaceFirst("Sec-WebSocket-Version: 13\r\n", line));

        assertRefused(outcome, WebSocketFailure.WRONG_VERSION, "426 Upgrade Required");
        assertThat(response(outcome)).contains("\r\nSec-WebSocket-Version: 13\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Sec-WebSocket-Protocol: xmpp, sip2\r\n", "Sec-WebSocket-Protocol:\r\n"})
    void aClientThatDoesNotOfferSipIsRefused(String line) {
        Outcome outcome = outcome(REQUEST.replaceFirst("Sec-WebSocket-Protocol: sip\r\n", line));

        assertRefused(outcome, WebSocketFailure.WRONG_SUBPROTOCOL, "400 Bad Request");
        assertThat(outcome.detail())
                .isEqualTo("Sec-WebSocket-Protocol: " + (line.contains("xmpp") ? "xmpp, sip2" : "nothing")
                        + " (expected: sip)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c2hvcnQ=", "!!!!", "dGhlIHNhbXBsZSBub25jZQ==AAAA", ""})
    void aKeyOfAnotherLengthIsRefused(String key) {
        assertRefused(
                outcome(REQUEST.replace("dGhlIHNhbXBsZSBub25jZQ==", key)),
                WebSocketFailure.BAD_REQUEST,
                "400 Bad Request");
    }

    @ParameterizedTest
    @CsvSource({
        "http://www.example.com, true",
        "HTTP://WWW.EXAMPLE.COM, true",
        "https://www.example.com, false",
        "http://www.example.com:8080, false",
        "http://www.example.com.evil.example, false",
        "null, false",
    })
    void onlyTheOriginsOfTheListAreAccepted(String origin, boolean accepted) {
        Outcome outcome = outcome(
                REQUEST.replace("Origin: http://www.example.com", "Origin: " + origin),
                "http://www.example.com",
                "https://other.example.com");

        if (accepted) {
            assertThat(outcome.failure()).isNull();
        } else {
            assertRefused(outcome, WebSocketFailure.WRONG_ORIGIN, "403 Forbidden");
            assertThat(outcome.detail()).contains("Origin: " + origin);
        }
    }

    @Test
    void withAListAClientWithoutOriginIsRefused() {
        assertRefused(
                outcome(without("Origin"), "http://www.example.com"), WebSocketFailure.WRONG_ORIGIN, "403 Forbidden");
        assertThat(outcome(without("Origin"), "http://www.example.com").detail())
                .startsWith("Origin: nothing (expected: ");
        assertThat(outcome(without("Origin")).failure()).isNull();
    }

    @Test
    void aRequestAbove8KiBIsRefusedBeforeItsEnd() {
        String field = "Cookie: " + "a".repeat(8_200) + "\r\n";
        String large = REQUEST.replaceFirst("\r\n", "\r\n" + field);

        assertRefused(outcome(large), WebSocketFailure.HEAD_TOO_LARGE, "431 Request Header Fields Too Large");
        assertRefused(
                outcome(large.substring(0, 8_193)),
                WebSocketFailure.HEAD_TOO_LARGE,
                "431 Request Header Fields Too Large");
        assertThat(outcome(large.substring(0, 8_192))).isNull();
    }

    @Test
    void whatAClientSendsIsShownWithoutControlCharactersAndCut() {
        Outcome outcome = outcome(without("Sec-WebSocket-Protocol")
                .replaceFirst("\r\n", "\r\nSec-WebSocket-Protocol: \u00e4" + "x".repeat(500) + "\r\n"));

        assertThat(outcome.detail()).contains(": ?xxx").hasSizeLessThan(300);
        assertThat(response(outcome)).contains("?xxx");
    }

    @Test
    void aRequestThatTakesTooLongGetsAnAnswer() {
        assertRefused(WebSocketHandshake.late(), WebSocketFailure.HANDSHAKE_TIMEOUT, "408 Request Timeout");
    }

    /** A pattern with blanks at both ends of a value takes minutes for such a line. */
    @Test
    @Timeout(60)
    void aLineOfBlanksIsReadOnce() {
        String blanks = " ".repeat(7_000);

        assertRefused(
                outcome(REQUEST.replace("Origin: ", "a:" + blanks + "\nOrigin: ")),
                WebSocketFailure.BAD_REQUEST,
                "400 Bad Request");
        assertThat(outcome(REQUEST.replace("Origin: ", "a: b" + blanks + "c \r\nOrigin: "))
                        .failure())
                .isNull();
    }

    @Test
    void valuesMayHaveBytesOfOtherCharacterSets() {
        assertThat(outcome(REQUEST.replace("Origin: ", "Cookie: city=\u00c3\u0085rhus\r\nOrigin: "))
                        .failure())
                .isNull();
    }
}
