package org.sipdispatch.routing;

import org.sipdispatch.settings.Section;

/** A final response that the dispatcher generates itself. */
public record LocalReply(int code, String reason) {
    static LocalReply from(Section reply) {
        int code = reply.integer("code", 300, 699);
        LocalReply parsed = new LocalReply(code, reply.has("reason") ? reply.text("reason") : phrase(reply, code));
        if (!parsed.reason.matches("[\\x20-\\x7e]*")) {
            reply.refuse("reason", parsed.reason, "one line of ASCII text");
        }
        reply.refuseUnknown();
        return parsed;
    }

    private static String phrase(Section reply, int code) {
        String phrase = ReasonPhrases.of(code);
        if (phrase == null) {
            reply.refuse("reason", "nothing", "a text, because no RFC defines one for " + code);
        }
        return phrase == null ? "" : phrase;
    }
}
