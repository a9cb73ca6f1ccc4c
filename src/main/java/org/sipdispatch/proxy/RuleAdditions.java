package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.routing.RelayPolicy.Path;
import org.sipdispatch.routing.RuleHeaders;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.SipRequest;

/**
 * What a rule adds to a request that it forwards, and forbids for it.
 *
 * @param headers the header fields that the rule sets, in place of those of the same names
 * @param path whether the request gets our Path
 * @param blacklists the names of the blacklists that a change to TCP has to respect
 */
record RuleAdditions(List<RuleHeaders.Field> headers, boolean path, List<String> blacklists) {
    static final RuleAdditions NONE = new RuleAdditions(List.of(), false, List.of());

    /** Whether a request that is relayed with this policy gets our Path (RFC 3327 section 5.2). */
    static boolean hasPath(Path policy, SipRequest request) {
        return policy != Path.NO && request.isMethod("REGISTER") && (policy == Path.YES || supportsPath(request));
    }

    private static boolean supportsPath(SipRequest request) {
        for (int i = 0; i < request.headers(); i++) {
            if (request.isNamed(i, "supported") || request.isNamed(i, "k")) {
                String tags = Ascii.text(request.bytes(), request.valueStart(i), request.valueEnd(i));
                for (String tag : tags.split(",")) {
                    if (tag.strip().equalsIgnoreCase("path")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
