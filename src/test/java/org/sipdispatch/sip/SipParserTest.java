package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sip.TestMessages.CALL_ID;
import static org.sipdispatch.sip.TestMessages.FROM;
import static org.sipdispatch.sip.TestMessages.TO;
import static org.sipdispatch.sip.TestMessages.VIA;
import static org.sipdispatch.sip.TestMessages.failure;
import static org.sipdispatch.sip.TestMessages.parse;
import static org.sipdispatch.sip.TestMessages.request;
import static org.sipdispatch.sip.TestMessages.requestText;
import static org.sipdispatch.sip.TestMessages.response;
import static org.sipdispatch.sip.TestMessages.responseText;
import static org.sipdispatch.sip.TestMessages.text;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SipParserTest {
    private static String withLine(String line) {
        return text(line, VIA, FROM, TO, CALL_ID, "CSeq: 1 OPTIONS");
    }

    @Test
    void aFoldedHeaderKeepsItsBytes() {
        SipRequest request = request(requestText("OPTIONS", "X-A:\r\n\tone\r\n  two  \r\n\tthree \r\n  ", "X-B: z"));
        int header = request.headers() - 2;

        assertThat(request.text("x-a")).isEqualTo("one\r\n  two  \r\n\tthree");
        assertThat(Ascii.text(request.bytes(), request.lineStart(header), request.lineEnd(header)))
                .isEqualTo("X-A:\r\n\tone\r\n  two  \r\n\tthree \r\n  \r\n");
        assertThat(request.text("x-b")).isEqualTo("z");
    }

    @Test
    void lineBreaksBeforeTheStartLineAreSkipped() {
        assertThat(request("\r\n\r\n" + requestText("OPTIONS")).start()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "\r\n\r\n", "\0", "OPTIONS", "OPTIONS sip:a@h SIP/2.0", "SIP/2.0 200 OK"})
    void whatHasNoStartLineIsDropped(String text) {
        assertThat(failure(text).code()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OPTIONS sip:a@h SIP/2.0            | parses
            OPTIONS sip:a@h sip/2.0            | parses
            options sip:a@h SIP/2.0            | 400
            OPTIONS  sip:a@h SIP/2.0           | 400
            OPTIONS sip:a@h  SIP/2.0           | 400
            OPTIONS sip:a@h                    | 400
            OPTIONS SIP/2.0                    | 400
            OPTIONS                            | 400
            OPT(IONS sip:a@h SIP/2.0           | 400
            OPTIONS sip:a@h SIP/3.0            | 505
            OPTIONS sip:a@h SIP/2.00           | 505
            OPTIONS sip:a@h HTTP/1.1           | 400
            OPTIONS a@h SIP/2.0                | 400
            OPTIONS sip:a@h?x=y SIP/2.0        | 400
            OPTIONS isbn:123 SIP/2.0           | parses
            """)
    void theRequestLineIsJudged(String line, String verdict) {
        ParseResult input = parse(withLine(line));

        assertThat(input instanceof ParseFailure failure ? "" + failure.code() : "parses")
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SIP/2.0 100          | 100
            SIP/2.0 200 OK       | 200
            sip/2.0 699 Any : () | 699
            SIP/2.0 099 OK       | 0
            SIP/2.0 700 OK       | 0
            SIP/2.0 20 OK        | 0
            SIP/2.0 2000 OK      | 0
            SIP/2.0 2x0 OK       | 0
            SIP/2.0  200 OK      | 0
            SIP/3.0 200 OK       | 0
            SIP/2.0              | 0
            SIP/2.0 -10 OK       | 0
            """)
    void theStatusLineIsJudged(String line, int status) {
        ParseResult input = parse(withLine(line));

        if (status == 0) {
            assertThat(input).isInstanceOf(ParseFailure.class);
        } else {
            assertThat(((SipResponse) input).status()).isEqualTo(status);
        }
    }

    @Test
    void aMissingEmptyLineIsAFlaw() {
        String whole = requestText("OPTIONS");

        assertThat(failure(whole.substring(0, whole.length() - 2)).code()).isEqualTo(400);
        assertThat(failure(whole.substring(0, whole.length() - 1)).code()).isEqualTo(400);
    }

    @Test
    void aThousandHeadersAreReadAndOneMoreIsNot() {
        String[] more = new String[SipParser.MOST_HEADERS - 5];
        Arrays.fill(more, "X: y");
        String[] tooMany = Arrays.copyOf(more, more.length + 1);
        tooMany[more.length] = "X: y";

        assertThat(request(requestText("OPTIONS", more)).headers()).isEqualTo(1_000);
        assertThat(failure(requestText("OPTIONS", tooMany)).reason()).isEqualTo("Too Many Header Fields");
    }

    @Test
    void aNulIsKeptInAQuotedPairAndRefusedElsewhere() {
        assertThat(request(requestText("OPTIONS", "Subject: \"a\\\0b\"")).text("subject"))
                .isEqualTo("\"a\\\0b\"");
        assertThat(failure(requestText("OPTIONS", "Sub\0ject: a")).code()).isEqualTo(400);
        assertThat(failure(withLine("OPTIONS sip:a\0@h SIP/2.0")).code()).isEqualTo(400);
        assertThat(failure(withLine("OPTI\0NS sip:a@h SIP/2.0")).code()).isEqualTo(400);
        assertThat(failure(requestText("OPTIONS", "Max-Forwards: 7\0")).code()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "3, 3",
        "4, 4",
        "004, 4",
        "5, 400",
        "-1, 400",
        "+1, 400",
        "x, 400",
        "'', 400",
        "4 4, 400",
        "4;a, 400",
        "99999999999999999999, 400"
    })
    void contentLengthIsJudged(String length, int expected) {
        ParseResult input = parse(requestText("OPTIONS", "Content-Length: " + length) + "body");

        int found = input instanceof SipRequest request
                ? request.end() - request.bodyStart()
                : ((ParseFailure) input).code();
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void withoutContentLengthTheBodyIsTheRest() {
        SipRequest request = request(requestText("OPTIONS") + "body");

        assertThat(request.end() - request.bodyStart()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 0\r\nl: 0",
                "CSeq: 1 OPTIONS",
                "i: x",
                "From: <sip:a@h>",
                "t: <sip:a@h>",
                "Max-Forwards: 1\r\nMax-Forwards: 2",
                "Max-Forwards: 256",
                "Max-Forwards: -1",
                "Max-Forwards:",
                "No Colon",
                ": no name",
                "Na me: x",
            })
    void aFlawIsAnsweredInARequestAndDropsAResponse(String lines) {
        ParseFailure failure = failure(requestText("OPTIONS", lines));

        assertThat(failure.code()).isEqualTo(400);
        assertThat(failure.request().isMethod("OPTIONS")).isTrue();
        if (!lines.matches("Max-Forwards:( 256| -1)?")) {
            assertThat(failure(responseText("OPTIONS", lines)).code()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "OPTIONS", "1 BYE", "1 options", "-1 OPTIONS", "2147483648 OPTIONS", "1 OPTIONS x", ""})
    void aBadCseqIsAnswered(String cseq) {
        ParseFailure failure = failure(text("OPTIONS sip:a@h SIP/2.0", VIA, FROM, TO, CALL_ID, "CSeq: " + cseq));

        assertThat(failure.code()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<sip:a@h>, <sip:b@h>", "<sip:a@h>;tag=1,<sip:b@h>;tag=2", "sip:a@h,sip:b@h", "sip:a,b@h"})
    void fromAndToHoldOneAddress(String two) {
        assertThat(failure(requestText("OPTIONS").replace(FROM, "From: " + two)).reason())
                .isEqualTo("Bad From");
        assertThat(failure(requestText("OPTIONS").replace(TO, "To: " + two)).reason())
                .isEqualTo("Bad To");
    }

    @Test
    void theLargestCseqIsRead() {
        SipRequest request =
                request(text("OPTIONS sip:a@h SIP/2.0", VIA, FROM, TO, CALL_ID, "cSEQ: 2147483647\tOPTIONS"));

        assertThat(request.cseqNumber()).isEqualTo(Integer.MAX_VALUE);
        assertThat(request.cseqMethodText()).isEqualTo("OPTIONS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                VIA + " | 0 | Missing Via",
                FROM + " | 400 | Missing From",
                TO + " | 400 | Missing To",
                CALL_ID + " | 400 | Missing Call-ID",
                "CSeq: 1 OPTIONS | 0 | Missing CSeq"
            })
    void aMissingHeaderIsNamedAndAnsweredIfTheSenderCanMatchTheAnswer(String missing, int code, String reason) {
        ParseFailure request = failure(requestText("OPTIONS").replace(missing + "\r\n", ""));
        ParseFailure response = failure(responseText("OPTIONS").replace(missing + "\r\n", ""));

        assertThat(request.code()).isEqualTo(code);
        assertThat(request.reason()).isEqualTo(reason);
        assertThat(response.code()).isZero();
        assertThat(response.reason()).isEqualTo(reason);
    }

    @Test
    void anAckIsNeverAnswered() {
        assertThat(failure(requestText("ACK", "Max-Forwards: 999")).code()).isZero();
    }

    @Test
    void maxForwardsMayBeMissing() {
        assertThat(request(requestText("OPTIONS")).maxForwards()).isEqualTo(-1);
    }

    @Test
    void anEmptyHeaderIsEmpty() {
        SipRequest request = request(requestText("OPTIONS", "Subject:", "X-B :  ", "X-C: c"));

        assertThat(request.text("Subject")).isEmpty();
        assertThat(request.text("X-B")).isEmpty();
        assertThat(request.text("x-c")).isEqualTo("c");
        assertThat(request.text("x-d")).isNull();
    }

    @Test
    void aResponseSaysWhichKindItIs() {
        SipResponse ok = response(responseText("OPTIONS"));

        assertThat(ok.isSuccess()).isTrue();
        assertThat(ok.isProvisional()).isFalse();
    }
}
