package org.sipdispatch.sip;

import java.util.ArrayList;
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

    /** The Allow header of a 405 to this request, with all registered methods but its own. */
    public static String allowHeader(SipRequest refused) {
        List<String> others = new ArrayList<>(REGISTERED);
        others.removeIf(refused::isMethod);
        return allowHeader(others);
    }

    /** The Allow header of a 405 (RFC 3261 section 21.4.6), which may be empty. */
    public static String allowHeader(List<String> allowed) {
        return "Allow: " + String.join(", ", allowed) + "\r\n";
    }
}
