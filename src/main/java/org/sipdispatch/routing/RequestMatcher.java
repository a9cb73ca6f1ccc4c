package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;
import org.sipdispatch.sip.SipRequest;

/** The conditions of a rule: a request must fulfil each one that is set. */
final class RequestMatcher {
    /** The methods that also match the condition INVITE. */
    static final List<String> PART_OF_INVITE = List.of("ACK", "CANCEL");

    private static final List<Cidr> ALL_ADDRESSES = List.of(Cidr.parse("", "0.0.0.0/0"), Cidr.parse("", "::/0"));
    private static final Set<String> CATCH_ALL = Set.of("", "^", ".*", "^.*", "^.*$", ".*$");
    private static final RequestMatcher ANY =
            new RequestMatcher(List.of(), List.of(), List.of(), null, Map.of(), null, null, List.of());

    private final List<String> methods;
    private final List<Cidr> sources;
    private final List<String> sockets;
    private final Pattern ruri;
    private final Map<String, Pattern> headers;
    private final Boolean toTag;
    /** Null for any sender. */
    private final SenderCondition sender;

    private final List<SetCountCondition> counts;

    private RequestMatcher(
            List<String> methods,
            List<Cidr> sources,
            List<String> sockets,
            Pattern ruri,
            Map<String, Pattern> headers,
            Boolean toTag,
            SenderCondition sender,
            List<SetCountCondition> counts) {
        this.methods = methods;
        this.sources = sources;
        this.sockets = sockets;
        this.ruri = ruri;
        this.headers = headers;
        this.toTag = toTag;
        this.sender = sender;
        this.counts = counts;
    }

    static RequestMatcher from(Section when, SetListParser lists) {
        List<Cidr> sources = new ArrayList<>();
        for (String block : when.has("source") ? when.texts("source") : List.<String>of()) {
            for (String one : block.split(",")) {
                when.check(() -> sources.add(Cidr.parse(when.path("source"), one.strip())));
            }
        }
        Pattern ruri = when.has("ruri") ? pattern(when, "ruri") : null;
        Map<String, Pattern> headers = new TreeMap<>();
        Section named = when.sectionOrEmpty("header");
        for (String name : named.keys()) {
            headers.put(name, pattern(named, name));
        }
        RequestMatcher match = new RequestMatcher(
                methods(when),
                sources,
                when.has("socket") ? when.texts("socket") : List.of(),
                ruri,
                headers,
                when.has("to-tag") ? when.flag("to-tag") : null,
                when.has("in-set") ? SenderCondition.from(when, "in-set", lists) : null,
                when.has("count") ? counts(when, lists) : List.of());
        when.refuseUnknown();
        return match;
    }

    /** A block, or a list of blocks. */
    private static List<SetCountCondition> counts(Section when, SetListParser lists) {
        List<Section> blocks = when.isBlock("count") ? List.of(when.section("count")) : when.sections("count");
        return blocks.stream()
                .map(block -> SetCountCondition.from(block, lists))
                .toList();
    }

    private static List<String> methods(Section when) {
        List<String> methods = new ArrayList<>();
        for (String list : when.has("method") ? when.texts("method") : List.<String>of()) {
            for (String method : list.split("[,|]")) {
                if (!method.strip().matches("[A-Z0-9.!%*_+`'~-]+")) {
                    when.refuse("method", list, "method names in capitals such as INVITE");
                }
                methods.add(method.strip());
            }
        }
        return methods;
    }

    private static Pattern pattern(Section section, String key) {
        String text = section.text(key);
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            section.refuse(key, text, "a regular expression, " + e.getDescription());
            return null;
        }
    }

    /** Whether every request matches for certain. */
    boolean matchesAll() {
        return covers(ANY);
    }

    /**
     * Whether every request that matches the other also matches this, for certain. Of two different regular expressions
     * only those that match every text are recognised.
     */
    boolean covers(RequestMatcher other) {
        return (methods.isEmpty()
                        || !other.methods.isEmpty() && other.methods.stream().allMatch(this::coversMethod))
                && coversSources(other)
                && (sockets.isEmpty() || !other.sockets.isEmpty() && sockets.containsAll(other.sockets))
                && (ruri == null || isCatchAll(ruri) || other.ruri != null && isSame(ruri, other.ruri))
                && headers.entrySet().stream().allMatch(one -> coversHeader(one, other))
                && (toTag == null || toTag.equals(other.toTag))
                && (sender == null || sender.equals(other.sender))
                && other.counts.containsAll(counts);
    }

    private boolean coversMethod(String method) {
        return methods.contains(method) || PART_OF_INVITE.contains(method) && methods.contains("INVITE");
    }

    private boolean coversSources(RequestMatcher other) {
        List<Cidr> all = other.sources.isEmpty() ? ALL_ADDRESSES : other.sources;
        return sources.isEmpty()
                || all.stream().allMatch(one -> sources.stream().anyMatch(block -> block.containsAll(one)));
    }

    private static boolean coversHeader(Map.Entry<String, Pattern> header, RequestMatcher other) {
        return other.headers.entrySet().stream()
                .filter(one -> one.getKey().equalsIgnoreCase(header.getKey()))
                .anyMatch(one -> isCatchAll(header.getValue()) || isSame(header.getValue(), one.getValue()));
    }

    /** Whether the expression is found in every text. */
    private static boolean isCatchAll(Pattern pattern) {
        return CATCH_ALL.contains(pattern.pattern());
    }

    private static boolean isSame(Pattern one, Pattern other) {
        return one.pattern().equals(other.pattern());
    }

    List<String> methods() {
        return methods;
    }

    /** The names of the listening sockets in the condition. */
    List<String> sockets() {
        return sockets;
    }

    /**
     * Whether a request fulfils the conditions. An ACK or CANCEL without a transaction must go where its INVITE went,
     * so both count as INVITE.
     */
    boolean matches(RequestFacts facts) {
        return matchesMethod(facts.request()) && matchesExceptMethod(facts);
    }

    /** Whether a request fulfils the conditions other than that on its method. */
    boolean matchesExceptMethod(RequestFacts facts) {
        SipRequest request = facts.request();
        return matchesSource(facts)
                && (sockets.isEmpty() || sockets.contains(facts.socket()))
                && (toTag == null || toTag == request.hasToTag())
                && (ruri == null
                        || ruri.matcher(request.requestUri().toString()).find())
                && matchesHeaders(request)
                && (sender == null || sender.matched(facts) != null)
                && SetCountCondition.all(counts, facts);
    }

    /** The set in which {@code in-set} finds the sender; null if there is no such condition. */
    SetId senderSet(RequestFacts facts) {
        return sender == null ? null : sender.matched(facts);
    }

    /** The members of the sender's set that have its address; empty without {@code in-set}. */
    List<Destination> senderMembers(RequestFacts facts) {
        SetId found = senderSet(facts);
        return found == null ? List.of() : sender.members(found, facts);
    }

    /** The sets that the conditions name, by the key of the condition. */
    Map<String, List<SetId>> sets() {
        Map<String, List<SetId>> sets = new TreeMap<>();
        sets.put("in-set", sender == null ? List.of() : sender.sets());
        sets.put(
                "count",
                counts.stream()
                        .map(SetCountCondition::set)
                        .filter(Objects::nonNull)
                        .toList());
        return sets;
    }

    /** The partition in which {@code in-set} searches; null if there is no such condition. */
    String senderPartition() {
        return sender == null ? null : sender.partition();
    }

    /** Whether requests with this method fulfil the condition on the method. */
    boolean matchesMethod(String method) {
        boolean partOfInvite = method.equals("ACK") || method.equals("CANCEL");
        return methods.isEmpty() || methods.contains(method) || partOfInvite && methods.contains("INVITE");
    }

    private boolean matchesMethod(SipRequest request) {
        if (methods.isEmpty()) {
            return true;
        }
        boolean partOfInvite = request.isMethod("ACK") || request.isMethod("CANCEL");
        for (String method : methods) {
            if (request.isMethod(method) || partOfInvite && method.equals("INVITE")) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesSource(RequestFacts facts) {
        for (Cidr block : sources) {
            if (block.contains(facts.source().getAddress())) {
                return true;
            }
        }
        return sources.isEmpty();
    }

    private boolean matchesHeaders(SipRequest request) {
        for (Map.Entry<String, Pattern> wanted : headers.entrySet()) {
            String value = request.text(wanted.getKey());
            if (value == null || !wanted.getValue().matcher(value).find()) {
                return false;
            }
        }
        return true;
    }
}
