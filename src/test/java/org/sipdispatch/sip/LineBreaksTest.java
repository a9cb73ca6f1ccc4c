package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sip.TestMessages.failure;
import static org.sipdispatch.sip.TestMessages.request;
import static org.sipdispatch.sip.TestMessages.requestText;
import static org.sipdispatch.sip.TestMessages.responseText;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * RFC 3261 section 25.1: CR and LF occur only together, and NUL only in bodies. Other implementations split lines
 * with lone ones in different ways.
 */
class LineBreaksTest {
    private static final String REASON = "Stray CR, LF Or NUL";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-N: a\rRoute: <sip:evil.example.com;lr>",
                "X-N: a\nRoute: <sip:evil.example.com;lr>",
                "X-N: a\r\r\nX-M: b",
                "X-N: a\n\r\nX-M: b",
                "X-N: a\0b",
                "X-N: \0",
                "X-N: a\r\n \r b",
                "X-N: a\n b",
                "X-N: \"quoted \\\\\0\"",
                "X-N: \"quoted \\\r\"",
                "X-N: \"quoted \\\n \"",
                "X-N: a\\\0b",
                "X-N: \"a\" \\\0",
                "X-N: \"a \\\" b\" \\\0",
                "X-N: \"a\r\n b\" \\\0",
                "X-N: \"open \\\0",
                "X-N: (a\\\0b)",
                "User-Agent: a (b) \\\0",
                "User-Agent: a (b\0)",
                "User-Agent: a (b \\\0",
                "Contact: <sip:a(\\\0)@h>",
                "X-N: a\r"
            })
    void aRequestWithOneOutOfPlaceIsAnsweredWith400(String line) {
        ParseFailure failure = failure(requestText("OPTIONS", line));

        assertThat(failure.code()).isEqualTo(400);
        assertThat(failure.reason()).isEqualTo(REASON);
    }

    /** The search for the line's end compares eight bytes at a time. */
    @Test
    void oneIsFoundAtEachPositionAmongBytesOfAnyValue() {
        for (int before = 0; before < 20; before++) {
            for (int after = 0; after < 20; after++) {
                String line = "X-N: " + "\u00e9".repeat(before) + "\0" + "\tz".repeat(after);
                assertThat(failure(requestText("OPTIONS", line)).reason())
                        .as("%s, %s", before, after)
                        .isEqualTo(REASON);
                assertThat(request(requestText("OPTIONS", line.replace("\0", "")))
                                .headers())
                        .isEqualTo(request(requestText("OPTIONS", "X-N: a")).headers());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\0"})
    void oneInTheStartLineIsRefusedToo(String octet) {
        assertThat(failure(requestText("OPTIONS").replace(" SIP/2.0\r", " SIP/2.0" + octet + "\r"))
                        .code())
                .isEqualTo(400);
        assertThat(failure(responseText("OPTIONS").replace("200 OK", "200 O" + octet + "K"))
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\0"})
    void aResponseWithOneOutOfPlaceIsDropped(String octet) {
        assertThat(failure(responseText("OPTIONS", "X-N: a" + octet + "X-M: b")).code())
                .isZero();
    }

    @Test
    void aMessageWhoseLinesEndInALineFeedAloneIsAnsweredWith400() {
        assertThat(failure(requestText("OPTIONS").replace("\r\n", "\n")).reason())
                .isEqualTo(REASON);
        String whole = requestText("OPTIONS");
        assertThat(failure(whole.substring(0, whole.length() - 2) + "\n").reason())
                .isEqualTo(REASON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"From: <", "To: <", "Call-ID: c", "branch=z", "CSeq: 1"})
    void whatAReplyWouldRepeatIsNotAnswered(String before) {
        for (String octet : new String[] {"\r", "\0", "\n "}) {
            String text = requestText("OPTIONS").replace(before, before + octet);

            assertThat(failure(text).code()).as("%s", before).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-N: \"a\\\0b\"",
                "X-N: \"a\r\n \\\0b\"",
                "X-N: \"(\" \"\\\0\"",
                "X-N: \"a \\\\\\\0\";b=\"\\\0\"",
                "User-Agent: a (b (c\\\0) \\\0) d",
                "SERVER: a (\"\\\0)",
                "Retry-After: 5 (\\\0)"
            })
    void aBackslashProtectsNulInAQuotedStringOrComment(String line) {
        assertThat(request(requestText("OPTIONS", line)).toString()).contains(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {" SIP/2.0", "sip:"})
    void aBackslashProtectsNothingInTheStartLine(String after) {
        assertThat(failure(requestText("OPTIONS").replaceFirst(after, "\"\\\\\0\"" + after))
                        .reason())
                .isEqualTo(REASON);
    }

    @Test
    void aBodyMayHoldThemAll() {
        String body = "a\0b\rc\nd";
        SipRequest request = request(requestText("MESSAGE", "Content-Length: " + body.length()) + body);

        assertThat(Ascii.text(request.bytes(), request.bodyStart(), request.end()))
                .isEqualTo(body);
    }

    @Test
    void aFoldAndATabAreInPlace() {
        assertThat(request(requestText("OPTIONS", "X-N: a\r\n\tb\tc", "X-M:\r\n  \r\n d"))
                        .text("x-n"))
                .isEqualTo("a\r\n\tb\tc");
    }
}
