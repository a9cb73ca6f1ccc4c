package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The replies of a failure route after {@code ds_next_dst()} has failed, for {@code all-failed} of a rule. */
final class AllFailedReply {
    /** The codes for which each path to the current statement has found no next destination. */
    private BitSet exhausted = new BitSet();

    private final Map<Script.FunctionCall, BitSet> replies = new LinkedHashMap<>();

    /**
     * Executes the branches of a condition.
     *
     * @param run executes statements for codes, and returns the codes that reach the statement after them
     */
    BitSet branches(
            Script.If choice,
            ReplyCodes.ConditionCodes answer,
            BiFunction<List<Script.Statement>, BitSet, BitSet> run) {
        BitSet before = exhausted;
        BitSet either = ReplyCodes.both(answer.yes(), answer.no());
        exhausted = failsIfTrue(choice.condition()) ? ReplyCodes.either(before, either) : before;
        BitSet yes = run.apply(choice.yes(), answer.yes());
        BitSet failed = exhausted;
        BitSet open = ReplyCodes.without(yes, failed);
        exhausted = failsIfFalse(choice.condition()) ? ReplyCodes.either(before, either) : before;
        BitSet no = run.apply(choice.no(), answer.no());
        open.or(ReplyCodes.without(no, exhausted));
        exhausted = ReplyCodes.without(ReplyCodes.either(failed, exhausted), open);
        return ReplyCodes.either(yes, no);
    }

    /** Adds codes whose paths join the current one, some of which may still have a next destination. */
    void joined(BitSet codes) {
        exhausted = ReplyCodes.without(exhausted, codes);
    }

    private static boolean failsIfFalse(Script.Expression condition) {
        return condition instanceof Script.Not not && failsIfTrue(not.inner())
                || condition instanceof Script.And and && failsIfFalse(and.right())
                || condition instanceof Script.Test test
                        && test.operator().isEmpty()
                        && test.call() != null
                        && test.call().name().startsWith("ds_next_");
    }

    private static boolean failsIfTrue(Script.Expression condition) {
        return condition instanceof Script.Not not && failsIfFalse(not.inner());
    }

    /** Takes a reply if it is for codes without a next destination, and returns whether it is. */
    boolean take(Script.FunctionCall call, BitSet codes) {
        boolean takes = ScriptFunctions.isReply(call)
                && ScriptFunctions.code(call) >= 300
                && !codes.isEmpty()
                && ReplyCodes.without(codes, exhausted).isEmpty();
        if (takes) {
            replies.merge(call, codes, ReplyCodes::either);
        }
        return takes;
    }

    /** The reply if it is the only one and for all codes of the failover; null otherwise. */
    Script.FunctionCall reply(BitSet failover) {
        return replies.size() == 1
                        && ReplyCodes.without(
                                        failover, replies.values().iterator().next())
                                .isEmpty()
                ? replies.keySet().iterator().next()
                : null;
    }

    /** The replies that a rule does not have, with their codes. */
    List<String> left(BitSet failover) {
        List<String> left = new ArrayList<>();
        if (reply(failover) == null) {
            replies.forEach((call, codes) -> left.add(
                    call.located() + ", for " + ReplyCodes.ranges(codes) + " of " + ReplyCodes.ranges(failover)));
        }
        return left;
    }
}
