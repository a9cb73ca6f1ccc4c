package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.SipRequest;

/**
 * Finds new requests that an overload must not keep back, as RFC 7339 section 5.10.1 advises: emergency calls, by the
 * service URN in their Request-URI or To (RFC 5031), and requests with a Resource-Priority (RFC 4412) that the
 * configuration names.
 */
final class UrgentRequests {
    private static final String EMERGENCY = "urn:service:sos";

    private final List<String> priorities;

    UrgentRequests(OverloadSettings settings) {
        priorities = settings.urgentPriorities();
    }

    boolean has(SipRequest request) {
        NameAddr to = request.to();
        return isEmergency(request.uriText())
                || to != null && isEmergency(to.uriText())
                || !priorities.isEmpty() && hasPriority(request);
    }

    /** Sub-services, such as police, follow after a period. Letters may have any case. */
    private static boolean isEmergency(String uri) {
        return startsWith(uri, EMERGENCY)
                && (uri.length() == EMERGENCY.length() || uri.charAt(EMERGENCY.length()) == '.');
    }

    private static boolean startsWith(String text, String start) {
        return text.regionMatches(true, 0, start, 0, start.length());
    }

    private boolean hasPriority(SipRequest request) {
        for (int i = 0; i < request.headers(); i++) {
            if (request.isNamed(i, "resource-priority")) {
                for (String value : request.valueText(i).split(",")) {
                    if (isConfigured(value.trim())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean isConfigured(String value) {
        for (String one : priorities) {
            if (value.equalsIgnoreCase(one) || startsWith(value, one + ".")) {
                return true;
            }
        }
        return false;
    }
}
