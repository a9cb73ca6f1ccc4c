package org.sipdispatch.routing;

import java.util.List;

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

    public LocalReply noMatch() {
        return noMatch;
    }

    public List<Rule> all() {
        return rules;
    }
}
