package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sip.TestMessages.request;
import static org.sipdispatch.sip.TestMessages.requestText;

import org.junit.jupiter.api.Test;

class MessageEditorTest {
    private final String text = requestText("OPTIONS");
    private final SipRequest request = request(text);
    private final MessageEditor rewriter = new MessageEditor().begin(request);

    private String finished() {
        return new String(rewriter.finish().copy(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void withoutEditsNothingChanges() {
        assertThat(finished()).isEqualTo(text);
    }

    @Test
    void editsInAnyOrderLandInTheirPlaces() {
        int end = request.end();

        rewriter.insert(end).put("body");
        rewriter.replace(request.uriStart(), request.uriEnd()).put("sip:x");
        rewriter.insert(request.firstHeader()).put("A: 1\r\n");
        rewriter.delete(request.lineStart(1), request.lineEnd(1));

        assertThat(finished())
                .isEqualTo(text.replaceFirst("sip:bob@example.com", "sip:x")
                                .replaceFirst("\r\n", "\r\nA: 1\r\n")
                                .replace(TestMessages.FROM + "\r\n", "")
                        + "body");
    }

    @Test
    void editsAtOnePlaceKeepTheirOrder() {
        rewriter.insert(0).put("a");
        rewriter.insert(0).put("b");
        rewriter.insert(0).put("c");

        assertThat(finished()).isEqualTo("abc" + text);
    }

    @Test
    void anInsertionAtTheStartOfAReplacedRangeKeepsTheOrderMade() {
        rewriter.replace(0, 7).put("MESSAGE");
        rewriter.insert(0).put("-X");

        assertThat(finished()).isEqualTo("MESSAGE-X" + text.substring(7));
    }

    @Test
    void itGrowsWithItsEdits() {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            rewriter.insert(request.firstHeader()).put("X: ").putNumber(i).put("\r\n");
            expected.append("X: ").append(i).append("\r\n");
        }

        assertThat(finished()).isEqualTo(text.replaceFirst("\r\n", "\r\n" + expected));
    }

    @Test
    void itForgetsTheEditsOfTheMessageBefore() {
        rewriter.insert(0).put("junk");
        rewriter.finish();

        assertThat(new String(rewriter.begin(request).finish().copy(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(text);
    }
}
