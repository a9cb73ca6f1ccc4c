package org.sipdispatch.sip;

/**
 * Bytes that are not a SIP message this proxy can forward.
 *
 * @param code the status code of the response, 400 to 699; 0 if no response is possible
 * @param reason what is wrong, suitable as a reason phrase
 * @param request the readable part of the request, for the response; null if no response is possible
 */
public record ParseFailure(int code, String reason, SipRequest request) implements ParseResult {
    static ParseFailure dropped(String reason) {
        return new ParseFailure(0, reason, null);
    }
}
