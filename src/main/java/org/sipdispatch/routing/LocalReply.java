package org.sipdispatch.routing;

import java.time.Duration;
import java.util.Set;
import org.sipdispatch.settings.Section;

/**
 * A final response that the dispatcher generates itself.
 *
 * @param retryAfter when the caller may try again; null if the configuration does not say it
 */
public record LocalReply(int code, String reason, Duration retryAfter) {
    /** The codes that may have a Retry-After (RFC 3261 section 20.33). */
    private static final Set<Integer> RETRY_AFTER_CODES = Set.of(404, 413, 480, 486, 500, 503, 600, 603);

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(1);

    public LocalReply(int code, String reason) {
        this(code, reason, null);
    }

    static LocalReply from(Section reply) {
        int code = reply.integer("code", 300, 699);
        LocalReply parsed = new LocalReply(
                code, reply.has("reason") ? reply.text("reason") : phrase(reply, code), retryAfter(reply, code));
        if (!parsed.reason.matches("[\\x20-\\x7e]*")) {
            reply.refuse("reason", parsed.reason, "one line of ASCII text");
        }
        reply.refuseUnknown();
        return parsed;
    }

    private static Duration retryAfter(Section reply, int code) {
        if (!reply.has("retry-after")) {
            return null;
        }
        Duration time = reply.duration("retry-after", LEAST, MOST);
        if (!RETRY_AFTER_CODES.contains(code)) {
            reply.refuse(
                    "retry-after", time.toSeconds() + "s", "none, because RFC 3261 has no Retry-After for " + code);
        }
        return time;
    }

    private static String phrase(Section reply, int code) {
        String phrase = ReasonPhrases.of(code);
        if (phrase == null) {
            reply.refuse("reason", "nothing", "a text, because no RFC defines one for " + code);
        }
        return phrase == null ? "" : phrase;
    }
}
