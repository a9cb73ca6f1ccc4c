package org.sipdispatch.sip;

import java.util.List;
import java.util.stream.Collectors;

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
        return REGISTERED.stream()
                .filter(method -> !refused.isMethod(method))
                .collect(Collectors.joining(", ", "Allow: ", "\r\n"));
    }
}
