package org.sipdispatch.routing;

import java.util.List;
import org.sipdispatch.sip.Methods;

/** All rules in order, and the reply to requests that match none of them. */
public final class Rules {
    private final List<Rule> rules;
    private final LocalReply noMatch;

    Rules(List<Rule> rules, LocalReply noMatch) {
        this.rules = List.copyOf(rules);
        this.noMatch = noMatch;
    }

    /** The first rule that matches a request; null if there is none. */
    public Rule first(RequestFacts facts) {
        for (Rule rule : rules) {
            if (rule.matches(facts)) {
                return rule;
            }
        }
        return null;
    }

    /**
     * The registered methods that the rules do not answer with 405 in a request that is otherwise the same, for the
     * Allow of a 405 (RFC 3261 section 21.4.6).
     */
    public List<String> allowedMethods(RequestFacts facts) {
        List<Rule> candidates =
                rules.stream().filter(rule -> rule.matchesExceptMethod(facts)).toList();
        return Methods.REGISTERED.stream()
                .filter(method -> !isNotAllowed(replyTo(method, candidates)))
                .toList();
    }

    private LocalReply replyTo(String method, List<Rule> candidates) {
        for (Rule rule : candidates) {
            if (rule.matchesMethod(method)) {
                return rule.reply();
            }
        }
        return noMatch;
    }

    private static boolean isNotAllowed(LocalReply reply) {
        return reply != null && reply.code() == 405;
    }

    public LocalReply noMatch() {
        return noMatch;
    }

    public List<Rule> all() {
        return rules;
    }
}
