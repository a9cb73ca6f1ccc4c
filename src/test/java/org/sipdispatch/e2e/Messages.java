package org.sipdispatch.e2e;

import java.util.UUID;
import java.util.function.Predicate;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Recognises the messages of a scenario. */
final class Messages {
    private Messages() {}

    static String newBranch() {
        return "z9hG4bK" + UUID.randomUUID();
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
