package org.sipdispatch.sip;

/**
 * Bytes that are no SIP message we may carry.
 *
 * @param code the status code to answer with, 400 to 699; 0 if nothing can be answered
 * @param reason what is wrong, fit for a reason phrase
 * @param request what could be read of the request, for the answer; null if nothing can be answered
 */
public record ParseFailure(int code, String reason, SipRequest request) implements SipInput {
    static ParseFailure dropped(String reason) {
        return new ParseFailure(0, reason, null);
    }
}
