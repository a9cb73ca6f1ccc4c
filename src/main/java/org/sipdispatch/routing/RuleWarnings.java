package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.sipdispatch.sets.Algorithm;
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
        return of(rules, path -> false);
    }

    /**
     * The same for rules of which some settings may be invalid.
     *
     * @param isInvalid whether the setting at this path, or one inside it, is invalid
     */
    public static List<RuleWarning> of(Rules rules, Predicate<String> isInvalid) {
        List<RuleWarning> warnings = new ArrayList<>();
        List<Rule> earlier = new ArrayList<>();
        for (Rule rule : rules.all()) {
            earlier.stream()
                    .filter(one -> one.covers(rule))
                    .findFirst()
                    .ifPresent(one -> warnings.add(neverReached(rule, one)));
            // Conditions that could not be read are missing.
            if (!isInvalid.test(rule.path() + ".when")) {
                earlier.add(rule);
            }
            addMethods(rule, warnings);
            addWithoutFigure(rule, warnings);
            addUnusedDefault(rule, warnings);
            if (rule.reply() != null) {
                addReply(rule.path() + ".reply.code", rule.reply(), warnings);
            }
        }
        addReply("no-match.code", rules.noMatch(), warnings);
        return warnings;
    }

    private static RuleWarning neverReached(Rule rule, Rule earlier) {
        return new RuleWarning(
                rule.path(),
                "never reached",
                "a place before " + earlier.path() + ", which matches "
                        + (earlier.matchesAll() ? "every request" : "all requests that this rule matches"));
    }

    private static void addMethods(Rule rule, List<RuleWarning> warnings) {
        for (String method : rule.methods()) {
            if (RequestMatcher.PART_OF_INVITE.contains(method)
                    && !rule.methods().contains("INVITE")) {
                warnings.add(
                        new RuleWarning(
                                rule.path() + ".when.method",
                                method,
                                "INVITE, which includes its ACK and CANCEL; they reach the rules only if the INVITE is unknown"));
            } else if (!Methods.REGISTERED.contains(method)) {
                warnings.add(new RuleWarning(
                        rule.path() + ".when.method",
                        method,
                        "a method of RFC 3261 or of an extension with an RFC"
                                + SpellingSuggestions.hint(method, Methods.REGISTERED)));
            }
        }
    }

    private static void addWithoutFigure(Rule rule, List<RuleWarning> warnings) {
        boolean isMissing = rule.plan() != null
                && rule.plan().constantChoices().stream()
                        .anyMatch(choice -> choice.algorithm() == Algorithm.FIGURE && choice.ranking() == null);
        if (isMissing) {
            warnings.add(new RuleWarning(
                    rule.path() + ".select.alg",
                    "9",
                    "pvar_algo_pattern to be set, because otherwise the first usable destination is selected"));
        }
    }

    /** In a rule itself the block is refused, so here it comes from the defaults. */
    private static void addUnusedDefault(Rule rule, List<RuleWarning> warnings) {
        RelayPolicy policy = rule.policy();
        if (policy != null && policy.allFailed() != null && policy.mode() != RelayPolicy.Mode.STATEFUL) {
            warnings.add(new RuleWarning(
                    rule.path() + ".relay.mode",
                    policy.mode().name().toLowerCase(Locale.ROOT),
                    "stateful, because otherwise relay-defaults.all-failed has no effect on this rule"));
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
