package org.sipdispatch.e2e;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Writes and recognises the messages of scenarios. */
final class SipText {
    private SipText() {}

    static String newBranch() {
        return "z9hG4bK" + UUID.randomUUID();
    }

    /** An answer to a request, without a body; {@code extra} are header lines of its own. */
    static String answer(SipRequest request, int code, String toTag, String extra) {
        StringBuilder answer = new StringBuilder("SIP/2.0 " + code + " Because\r\n");
        copy(request, HeaderName.VIA, answer);
        copy(request, HeaderName.RECORD_ROUTE, answer);
        copy(request, HeaderName.FROM, answer);
        answer.append("To: ").append(request.text(HeaderName.TO));
        answer.append(request.hasToTag() || code == 100 ? "\r\n" : ";tag=" + toTag + "\r\n");
        copy(request, HeaderName.CALL_ID, answer);
        copy(request, HeaderName.CSEQ, answer);
        return answer.append(extra).append("Content-Length: 0\r\n\r\n").toString();
    }

    private static void copy(SipMessage message, HeaderName name, StringBuilder into) {
        for (int i = message.first(name); i >= 0; i = message.next(name, i + 1)) {
            into.append(new String(
                    message.bytes(),
                    message.lineStart(i),
                    message.lineEnd(i) - message.lineStart(i),
                    StandardCharsets.ISO_8859_1));
        }
    }

    /** The values of all header fields of that name, in their order. */
    static List<String> values(SipMessage message, HeaderName name) {
        List<String> values = new ArrayList<>();
        for (int i = message.first(name); i >= 0; i = message.next(name, i + 1)) {
            values.add(new String(
                    message.bytes(),
                    message.valueStart(i),
                    message.valueEnd(i) - message.valueStart(i),
                    StandardCharsets.ISO_8859_1));
        }
        return values;
    }

    static Predicate<Received> request(String method, String callId) {
        return one -> one.sip() instanceof SipRequest request && request.isMethod(method) && isOf(request, callId);
    }

    static Predicate<Received> response(int code, String method, String callId) {
        return one -> one.sip() instanceof SipResponse response
                && response.status() == code
                && response.cseqMethodIs(method)
                && isOf(response, callId);
    }

    static boolean isOf(SipMessage message, String callId) {
        return callId.equals(message.text(HeaderName.CALL_ID));
    }
}
