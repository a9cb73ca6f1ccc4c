package org.sipdispatch.sip;

import java.util.List;

/** The methods of RFC 3261 and of its extensions, as registered with IANA. */
public final class Methods {
    public static final List<String> REGISTERED = List.of(
            "INVITE",
            "ACK",
            "CANCEL",
            "BYE",
            "OPTIONS",
            "REGISTER",
            "PRACK",
            "UPDATE",
            "INFO",
            "SUBSCRIBE",
            "NOTIFY",
            "PUBLISH",
            "MESSAGE",
            "REFER");

    private Methods() {}

    /** The Allow header of a 405 (RFC 3261 section 21.4.6): all registered methods except the refused one. */
    public static String allowHeader(SipRequest refused) {
        StringBuilder allowed = new StringBuilder();
        for (String method : REGISTERED) {
            if (!refused.isMethod(method)) {
                allowed.append(allowed.isEmpty() ? "Allow: " : ", ").append(method);
            }
        }
        return allowed.append("\r\n").toString();
    }
}
