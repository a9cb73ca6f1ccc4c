package org.sipdispatch.routing;

import java.util.List;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/** One rule: the requests that it matches, and either a selection with its relay policy, or a reply. */
public final class Rule {
    private final String path;
    private final RequestMatcher match;
    private final SelectPlan plan;
    private final RelayPolicy policy;
    private final LocalReply unusable;
    private final LocalReply reply;

    private Rule(
            String path,
            RequestMatcher match,
            SelectPlan plan,
            RelayPolicy policy,
            LocalReply unusable,
            LocalReply reply) {
        this.path = path;
        this.match = match;
        this.plan = plan;
        this.policy = policy;
        this.unusable = unusable;
        this.reply = reply;
    }

    static Rule from(Section rule, RoutingSettings.Defaults defaults) {
        RequestMatcher match = RequestMatcher.from(rule.sectionOrEmpty("when"));
        if (rule.has("reply")) {
            LocalReply reply = LocalReply.from(rule.section("reply"));
            rule.refuseUnknown();
            return new Rule(rule.path(), match, null, null, null, reply);
        }
        if (!rule.has("select")) {
            throw new SettingException(rule.path(), String.join(" ", rule.keys()), "a select block or a reply block");
        }
        Section select = rule.section("select");
        SelectPlan plan = SelectPlan.from(select, defaults.hashPvar(), defaults.rankings());
        LocalReply unusable =
                select.has("unusable") ? LocalReply.from(select.section("unusable")) : defaults.unusable();
        select.refuseUnknown();
        Section relay = rule.sectionOrEmpty("relay");
        RelayPolicy policy = RelayPolicy.from(relay, defaults.policy());
        if (relay.has("failover") && !policy.failover().isEmpty() && !plan.mayFailOver()) {
            select.refuse("flags", select.textOr("flags", "none"), "F, because relay.failover needs the failover list");
        }
        rule.refuseUnknown();
        return new Rule(rule.path(), match, plan, policy, unusable, null);
    }

    boolean matches(RequestFacts facts) {
        return match.matches(facts);
    }

    /** Whether a request fulfils the conditions other than that on its method. */
    boolean matchesExceptMethod(RequestFacts facts) {
        return match.matchesExceptMethod(facts);
    }

    boolean matchesMethod(String method) {
        return match.matchesMethod(method);
    }

    /** Whether every request matches for certain. */
    boolean matchesAll() {
        return match.matchesAll();
    }

    /** Whether every request that the other rule matches also matches this one, for certain. */
    boolean covers(Rule other) {
        return match.covers(other.match);
    }

    List<String> methods() {
        return match.methods();
    }

    List<String> sockets() {
        return match.sockets();
    }

    /** The rule's path in the configuration, {@code rules[0]}. */
    public String path() {
        return path;
    }

    /** The reply; null if the rule selects. */
    public LocalReply reply() {
        return reply;
    }

    public SelectPlan plan() {
        return plan;
    }

    public RelayPolicy policy() {
        return policy;
    }

    /** The reply if no destination is usable; null if the rule has a reply itself. */
    public LocalReply unusable() {
        return unusable;
    }
}
