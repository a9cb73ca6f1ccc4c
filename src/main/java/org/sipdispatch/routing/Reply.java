package org.sipdispatch.routing;

import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.settings.Section;

/** A final answer that the dispatcher gives itself. */
public record Reply(int code, String reason) {
    static Reply from(Section reply) {
        Reply parsed = new Reply(reply.integer("code", 300, 699), reply.text("reason"));
        if (!parsed.reason.matches("[\\x20-\\x7e]*")) {
            throw new BadSetting(reply.path("reason"), parsed.reason, "one line of ASCII text");
        }
        reply.refuseUnknown();
        return parsed;
    }
}
