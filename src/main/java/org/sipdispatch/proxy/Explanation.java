package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;

/**
 * What would become of a request, and why.
 *
 * @param outcome {@code dispatch}, {@code reply}, {@code follow} (its dialog or Route) or {@code own} (for this proxy)
 * @param reason in a few words, where there is more to say: the check that refused it, the Route that is followed
 * @param rule the path of the rule that matched, {@code rules[0]}; null if none did or none was asked
 * @param mode stateless, stateful or redirect; null without a rule that selects
 * @param replyCode what would be answered, 302 where the mode is redirect; 0 where it is sent on
 * @param replyReason its reason phrase; null where it is sent on
 * @param sets what was asked of each set, in the order of the rule
 * @param candidates where it would go, best first
 */
public record Explanation(
        String outcome,
        String reason,
        String rule,
        String mode,
        int replyCode,
        String replyReason,
        List<OfSet> sets,
        List<Destination> candidates) {
    /** The same for this reason. */
    Explanation because(String why) {
        return new Explanation(outcome, why, rule, mode, replyCode, replyReason, sets, candidates);
    }

    /**
     * What was asked of one set, and its answer.
     *
     * @param algorithm its number, or its name where it has none
     * @param algorithmName its name, {@link org.sipdispatch.sets.Algorithm#text}
     * @param flags with M where {@code max_results} or flag M sets a limit
     * @param key the text that was hashed, user and host of a URI one behind the other; null if none was
     * @param hash its hash, unsigned; 0 without a key
     * @param note what else decided, as that the request has no credentials; empty for nothing
     * @param members all members in the set's order
     * @param candidates the places of those that were chosen, best first
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
            List<Integer> candidates) {}

    /**
     * One member of a set.
     *
     * @param usable whether it may take traffic
     * @param rank its place among the set's candidates, from 1; 0 if it is none
     * @param why it is in or out, in a few words
     */
    public record OfMember(Destination destination, boolean usable, int rank, String why) {}
}
