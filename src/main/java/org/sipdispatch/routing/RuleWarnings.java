package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sipdispatch.settings.SpellingSuggestions;
import org.sipdispatch.sip.Methods;

/** Finds settings of rules that are valid but probably mistakes. */
public final class RuleWarnings {
    /** The header that RFC 3261 or its extension requires in a response, and that a reply here does not have. */
    private static final Map<Integer, String> REQUIRED_HEADERS = Map.of(
            401, "WWW-Authenticate",
            407, "Proxy-Authenticate",
            415, "Accept",
            420, "Unsupported",
            421, "Require",
            422, "Min-SE",
            423, "Min-Expires",
            489, "Allow-Events",
            494, "Security-Server");

    private RuleWarnings() {}

    public static List<RuleWarning> of(Rules rules) {
        List<RuleWarning> warnings = new ArrayList<>();
        Rule catchAll = null;
        for (Rule rule : rules.all()) {
            if (catchAll != null) {
                warnings.add(new RuleWarning(
                        rule.path(),
                        "never reached",
                        "a place before " + catchAll.path() + ", which matches every request"));
            } else if (rule.matchesAll()) {
                catchAll = rule;
            }
            addMethods(rule, warnings);
            if (rule.reply() != null) {
                addReply(rule.path() + ".reply.code", rule.reply(), warnings);
            }
        }
        addReply("no-match.code", rules.noMatch(), warnings);
        return warnings;
    }

    private static void addMethods(Rule rule, List<RuleWarning> warnings) {
        for (String method : rule.methods()) {
            if (!Methods.REGISTERED.contains(method)) {
                warnings.add(new RuleWarning(
                        rule.path() + ".when.method",
                        method,
                        "a method of RFC 3261 or of an extension with an RFC"
                                + SpellingSuggestions.hint(method, Methods.REGISTERED)));
            }
        }
    }

    private static void addReply(String path, LocalReply reply, List<RuleWarning> warnings) {
        String header = REQUIRED_HEADERS.get(reply.code());
        if (header != null) {
            warnings.add(new RuleWarning(
                    path, reply.code(), "a code that does not require the header " + header + ", which is not sent"));
        }
    }
}
