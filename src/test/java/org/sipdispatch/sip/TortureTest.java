package org.sipdispatch.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.sip.TortureMessages.Verdict;

class TortureTest {
    private static final String VIA = "Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKx\r\n";
    private static final String RECORD_ROUTE = "Record-Route: <sip:192.0.2.77;lr>\r\n";
    private static final String MAX_FORWARDS = "Max-Forwards: 42\r\n";

    static List<Verdict> verdicts() {
        return TortureMessages.verdicts();
    }

    static List<Verdict> parsing() {
        return verdicts().stream().filter(v -> v.parsed().equals("parses")).toList();
    }

    @Test
    void everyMessageIsInTheTableOnce() {
        List<String> listed = verdicts().stream().map(Verdict::file).toList();

        assertThat(listed)
                .hasSize(61)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(TortureMessages.files());
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void everyVerdictIsAWordOfTheTableWithAReason(Verdict verdict) {
        assertThat(verdict.parsed()).matches("parses|drop|reply [4-6]\\d\\d");
        assertThat(verdict.proxied()).matches("forward|drop|reply [4-6]\\d\\d");
        assertThat(verdict.reason()).contains("RFC ");
        if (!verdict.parsed().equals("parses")) {
            assertThat(verdict.proxied()).isEqualTo(verdict.parsed());
        }
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void theParserJudgesAsTheTableSays(Verdict verdict) {
        byte[] bytes = verdict.bytes();

        ParseResult input = SipParser.parse(bytes, 0, bytes.length);

        assertThat(said(input)).as("%s", input).isEqualTo(verdict.parsed());
    }

    private static String said(ParseResult input) {
        if (!(input instanceof ParseFailure failure)) {
            return "parses";
        }
        return failure.code() == 0 ? "drop" : "reply " + failure.code();
    }

    @ParameterizedTest
    @MethodSource("parsing")
    void editsLeaveAllOtherBytesAsTheyCame(Verdict verdict) {
        byte[] bytes = verdict.bytes();
        SipMessage message = (SipMessage) SipParser.parse(bytes, 0, bytes.length);

        byte[] changed = edited(message);

        assertThat(new String(changed, ISO_8859_1)).isEqualTo(expected(new String(bytes, ISO_8859_1)));
    }

    @ParameterizedTest
    @MethodSource("parsing")
    void anEditedMessageStillParses(Verdict verdict) {
        byte[] bytes = verdict.bytes();
        SipMessage message = (SipMessage) SipParser.parse(bytes, 0, bytes.length);

        byte[] changed = edited(message);
        SipMessage again = (SipMessage) SipParser.parse(changed, 0, changed.length);

        assertThat(again.topVia().parameterText("branch")).isEqualTo("z9hG4bKx");
        assertThat(again.count(HeaderName.VIA)).isEqualTo(message.count(HeaderName.VIA) + 1);
        assertThat(again.text("max-forwards")).isEqualTo("42");
        assertThat(again.text(HeaderName.CALL_ID)).isEqualTo(message.text(HeaderName.CALL_ID));
        assertThat(again.end() - again.bodyStart()).isEqualTo(message.end() - message.bodyStart());
    }

    private static byte[] edited(SipMessage message) {
        MessageEditor rewriter = new MessageEditor().begin(message);
        rewriter.insert(message.lineStart(message.first(HeaderName.VIA))).put(VIA);
        int maxForwards = message.first(HeaderName.MAX_FORWARDS);
        if (maxForwards < 0) {
            rewriter.insert(message.firstHeader()).put(MAX_FORWARDS);
        } else {
            rewriter.replace(message.lineStart(maxForwards), message.lineEnd(maxForwards))
                    .put(MAX_FORWARDS);
        }
        rewriter.insert(message.firstHeader()).put(RECORD_ROUTE);
        return rewriter.finish().copy();
    }

    /** The same edits, made on text by search and replace. */
    private static String expected(String text) {
        int blank = text.indexOf("\r\n\r\n") + 2;
        String head = text.substring(0, blank);
        String body = text.substring(blank + 2);
        Matcher length =
                Pattern.compile("(?im)^(?:l|content-length)\\s*:\\s*(\\d+)").matcher(head);
        if (length.find()) {
            body = body.substring(0, Integer.parseInt(length.group(1)));
        }
        boolean viaFirst = head.matches("(?is)[^\n]*\nv(ia)?\\s*:.*");
        Matcher maxForwards = Pattern.compile("(?im)^max-forwards\\s*:[^\n]*\n([ \t][^\n]*\n)*")
                .matcher(head);
        boolean counted = maxForwards.find();
        String first = RECORD_ROUTE;
        if (counted && maxForwards.start() == head.indexOf('\n') + 1) {
            first = MAX_FORWARDS + first;
            head = maxForwards.replaceFirst("");
        } else if (counted) {
            head = maxForwards.replaceFirst(MAX_FORWARDS);
        } else {
            first = MAX_FORWARDS + first;
        }
        head = head.replaceFirst("(?im)^(v(?:ia)?[ \t]*:)", (viaFirst ? "" : VIA) + "$1");
        return head.replaceFirst("\n", "\n" + (viaFirst ? VIA : "") + first) + "\r\n" + body;
    }
}
