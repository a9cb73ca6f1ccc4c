package org.sipdispatch.routing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.PushedAttrs;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/** One rule: the requests that it matches, and either a selection with its relay policy, or a reply. */
public final class Rule {
    private static final String PUSH_ATTRS = "push-attrs";
    /** The text may come from a request, and all nodes keep it. */
    private static final int MOST_ATTRS = 1000;

    private final String path;
    private final RequestMatcher match;
    private final SelectPlan plan;
    private final RelayPolicy policy;
    private final LocalReply unusable;
    private final LocalReply reply;
    private final RuleHeaders headers;
    private final StickySettings sticky;
    /** Null for none. */
    private final Template log;
    /** The attributes that the rule pushes for the sender; null for none. */
    private final Template pushAttrs;

    private Rule(
            String path,
            RequestMatcher match,
            SelectPlan plan,
            RelayPolicy policy,
            LocalReply unusable,
            LocalReply reply,
            RuleHeaders headers,
            StickySettings sticky,
            Template log,
            Template pushAttrs) {
        this.path = path;
        this.match = match;
        this.plan = plan;
        this.policy = policy;
        this.unusable = unusable;
        this.reply = reply;
        this.headers = headers;
        this.sticky = sticky;
        this.log = log;
        this.pushAttrs = pushAttrs;
    }

    static Rule from(Section rule, RoutingSettings.Defaults defaults) {
        RequestMatcher match = RequestMatcher.from(rule.sectionOrEmpty("when"), defaults.lists());
        if (rule.has("reply")) {
            return replying(rule, match);
        }
        if (!rule.has("select")) {
            throw new SettingException(rule.path(), String.join(" ", rule.keys()), "a select block or a reply block");
        }
        Section select = rule.section("select");
        Section relay = rule.sectionOrEmpty("relay");
        RelayPolicy policy = RelayPolicy.from(relay, defaults.policy());
        SelectPlan plan = plan(select, defaults, policy);
        LocalReply unusable =
                select.has("unusable") ? LocalReply.from(select.section("unusable")) : defaults.unusable();
        select.refuseUnknown();
        checkResources(select, plan, policy);
        if (relay.has("failover") && !policy.failover().isEmpty() && !plan.mayFailOver()) {
            select.refuse("flags", select.textOr("flags", "none"), "F, because relay.failover needs the failover list");
        }
        RuleHeaders headers = rule.has("headers") ? RuleHeaders.from(rule.section("headers")) : RuleHeaders.NONE;
        if (!headers.isEmpty() && policy.mode() == RelayPolicy.Mode.REDIRECT) {
            rule.refuse("headers", "a block", "none in mode redirect, in which nothing is forwarded");
        }
        StickySettings sticky = sticky(rule, relay, plan, policy);
        Template log = rule.has("log") ? Template.ofAttempt(rule, "log", rule.text("log")) : null;
        Template pushAttrs = pushAttrs(rule, match);
        boolean usesSenderSet = plan.usesSenderSet()
                || headers.usesSenderSet()
                || log != null && log.usesSenderSet()
                || sticky != null && sticky.key().usesSenderSet();
        checkSenderSet(rule, match, usesSenderSet);
        rule.refuseUnknown();
        return new Rule(rule.path(), match, plan, policy, unusable, null, headers, sticky, log, pushAttrs);
    }

    private static SelectPlan plan(Section select, RoutingSettings.Defaults defaults, RelayPolicy policy) {
        boolean allowsParallel = policy.mode() != RelayPolicy.Mode.STATELESS;
        return SelectPlan.from(select, defaults.hashPvar(), defaults.rankings(), defaults.lists(), allowsParallel);
    }

    private static StickySettings sticky(Section rule, Section relay, SelectPlan plan, RelayPolicy policy) {
        if (!rule.has("sticky")) {
            return null;
        }
        if (policy.mode() != RelayPolicy.Mode.STATEFUL) {
            rule.refuse(
                    "sticky",
                    "in mode " + relay.textOr("mode", "of relay-defaults"),
                    "mode stateful, which sees the responses");
        }
        if (plan.isParallel()) {
            rule.refuse("sticky", "with alg = parallel", "another algorithm, because parallel uses all destinations");
        }
        return StickySettings.from(rule.section("sticky"));
    }

    private static void checkResources(Section select, SelectPlan plan, RelayPolicy policy) {
        if (!plan.resources().isEmpty() && policy.mode() != RelayPolicy.Mode.STATEFUL) {
            select.refuse("resources", String.join(";", plan.resources()), "none, because the mode is not stateful");
        }
    }

    private static Rule replying(Section rule, RequestMatcher match) {
        LocalReply reply = LocalReply.from(rule.section("reply"));
        Template log = rule.has("log") ? Template.from(rule, "log", rule.text("log")) : null;
        Template pushAttrs = pushAttrs(rule, match);
        checkSenderSet(rule, match, log != null && log.usesSenderSet());
        rule.refuseUnknown();
        return new Rule(rule.path(), match, null, null, null, reply, RuleHeaders.NONE, null, log, pushAttrs);
    }

    private static Template pushAttrs(Section rule, RequestMatcher match) {
        if (!rule.has(PUSH_ATTRS)) {
            return null;
        }
        if (match.senderPartition() == null) {
            rule.refuse(PUSH_ATTRS, rule.text(PUSH_ATTRS), "in-set in when, whose members at that address get them");
        }
        return Template.from(rule, PUSH_ATTRS, rule.text(PUSH_ATTRS));
    }

    private static void checkSenderSet(Section rule, RequestMatcher match, boolean usesSenderSet) {
        if (usesSenderSet && match.senderPartition() == null) {
            rule.refuse("when", "no in-set", "in-set, because $ds(in-set) is the set that it found");
        }
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

    /** The sets that the rule names for all requests alike, by the setting's path within the rule. */
    public Map<String, List<SetId>> namedSets() {
        Map<String, List<SetId>> sets = new TreeMap<>();
        match.sets().forEach((key, those) -> sets.put("when." + key, those));
        if (plan != null) {
            sets.put(
                    "select.set",
                    plan.constantChoices().stream().map(SetChoice::set).toList());
        }
        return sets;
    }

    /** The partition in which {@code in-set} searches; null if there is no such condition. */
    String senderPartition() {
        return match.senderPartition();
    }

    /** The facts, with the sender's set that this rule, which matches, has found. */
    public RequestFacts results(RequestFacts facts) {
        SetId senderSet = match.senderSet(facts);
        return senderSet == null ? facts : facts.withSenderSet(senderSet);
    }

    /** Whether the rule sets header fields. */
    public boolean setsHeaders() {
        return !headers.isEmpty();
    }

    /** The header fields of a request to this destination. */
    public List<RuleHeaders.Field> headers(RequestFacts facts, Destination destination) {
        return headers.of(results(facts).withDestination(destination));
    }

    /** Whether the rule writes into the log. */
    public boolean logs() {
        return log != null;
    }

    /** The text for the log about a request, to this destination or, if it is null, that the rule answers. */
    public String logText(RequestFacts facts, Destination destination) {
        return log.expand(results(facts).withDestination(destination));
    }

    /** Whether the rule pushes attributes. */
    public boolean pushesAttrs() {
        return pushAttrs != null;
    }

    /**
     * The attributes that a request pushes for the sender's members of its set; null if nothing would change, if a
     * variable has no value, or if the text is too long.
     */
    public PushedAttrs pushedAttrs(RequestFacts facts) {
        String attrs = pushAttrs.expandOrNull(results(facts));
        if (attrs == null || attrs.length() > MOST_ATTRS) {
            return null;
        }
        List<Destination> changed = match.senderMembers(facts).stream()
                .filter(member -> {
                    SetView view = facts.sets().view(member.setId());
                    return view != null && !view.scriptAttrs(member).equals(attrs);
                })
                .toList();
        return changed.isEmpty() ? null : new PushedAttrs(path, changed, attrs);
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

    /** Which requests stay together; null if the rule does not say so. */
    public StickySettings sticky() {
        return sticky;
    }

    /** The key of a request that stays with others; null if the rule does not say so, or if it lacks one of the values. */
    public String stickyKey(RequestFacts facts) {
        return sticky == null ? null : sticky.key().expandOrNull(results(facts));
    }

    /** The reply if no destination is usable; null if the rule has a reply itself. */
    public LocalReply unusable() {
        return unusable;
    }
}
