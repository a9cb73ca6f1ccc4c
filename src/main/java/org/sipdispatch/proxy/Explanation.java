package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.observation.LogText;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;

/**
 * How a request would be routed, and why.
 *
 * @param outcome {@code dispatch}, {@code reply}, {@code follow} (its dialog or Route) or {@code own} (for this proxy)
 * @param reason a short text: the check that refused the request, the Route that it follows, or the first hop; may be
 *     empty
 * @param rule the path of the matching rule, for example {@code rules[0]}; null if no rule matched or none was
 *     evaluated
 * @param mode stateless, stateful or redirect; null if no rule selects destinations
 * @param replyCode the status code of this proxy's response, 302 in redirect mode; 0 if the request is forwarded
 * @param replyReason the reason phrase of that response; null if the request is forwarded
 * @param sets the selection in each set, in the rule's order
 * @param candidates the destinations that would be tried, best first
 * @param additions what the rule adds for the first destination
 */
public record Explanation(
        String outcome,
        String reason,
        String rule,
        String mode,
        int replyCode,
        String replyReason,
        List<OfSet> sets,
        List<Destination> candidates,
        Additions additions) {
    /** An explanation of a request for which a rule adds nothing. */
    public Explanation(
            String outcome,
            String reason,
            String rule,
            String mode,
            int replyCode,
            String replyReason,
            List<OfSet> sets,
            List<Destination> candidates) {
        this(outcome, reason, rule, mode, replyCode, replyReason, sets, candidates, Additions.NONE);
    }

    /** A copy with another reason. */
    Explanation because(String why) {
        return new Explanation(outcome, why, rule, mode, replyCode, replyReason, sets, candidates, additions);
    }

    /** A copy without some of its candidates, with the reasons. */
    Explanation without(PassedOver some) {
        return new Explanation(
                outcome,
                reason,
                rule,
                mode,
                replyCode,
                replyReason,
                some.shown(sets),
                some.without(candidates),
                additions);
    }

    /** A copy with what the rule adds. */
    Explanation with(Additions added) {
        return new Explanation(outcome, reason, rule, mode, replyCode, replyReason, sets, candidates, added);
    }

    /**
     * What a rule adds to a request.
     *
     * @param headers the header fields, one line each
     * @param log the text for the log; null for none
     */
    public record Additions(List<String> headers, String log) {
        static final Additions NONE = new Additions(List.of(), null);

        static Additions of(Rule rule, RequestFacts facts, Destination destination) {
            List<String> headers = rule.headers(facts, destination).stream()
                    .filter(field -> field.value() != null)
                    .map(field -> field.name() + ": " + field.value())
                    .toList();
            return new Additions(headers, rule.logs() ? LogText.cleaned(rule.logText(facts, destination)) : null);
        }
    }

    /**
     * The selection in one set.
     *
     * @param algorithm the algorithm's number, or its name if it has none
     * @param algorithmName the algorithm's name, {@link org.sipdispatch.sets.Algorithm#text}
     * @param flags the flags; includes M if {@code max_results} or flag M sets a limit
     * @param key the hashed text, for a URI the user followed by the host; null if nothing was hashed
     * @param hash the hash of the key, unsigned; 0 without a key
     * @param note what else influenced the selection, for example missing credentials; may be empty
     * @param members all members in the set's order
     * @param candidates the indexes of the selected members, best first
     */
    public record OfSet(
            SetId set,
            String algorithm,
            String algorithmName,
            String flags,
            String key,
            long hash,
            String note,
            List<OfMember> members,
            List<Integer> candidates) {
        /** A copy with other members. */
        OfSet with(List<OfMember> others) {
            return new OfSet(set, algorithm, algorithmName, flags, key, hash, note, others, candidates);
        }
    }

    /**
     * One member of a set.
     *
     * @param usable whether it may receive traffic
     * @param rank its rank among the set's candidates, from 1; 0 if it is not a candidate
     * @param why a short reason why it is or is not a candidate
     */
    public record OfMember(Destination destination, boolean usable, int rank, String why) {}
}
