package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The result of a script for a request, as a decision tree over facts. */
sealed interface ScriptOutcome {
    /** A decision by a fact. */
    record Split(ScriptCondition fact, ScriptOutcome yes, ScriptOutcome no) implements ScriptOutcome {}

    /**
     * A call of {@code ds_push_script_attrs} for the sender of a request.
     *
     * @param offset the position of the call
     */
    record AttrsPush(int offset, String attrs) {}

    enum ScriptAction {
        /** The dispatcher selects, and the request is relayed there. */
        SELECT,
        /** The dispatcher selects, and the request is answered with a redirect there. */
        REDIRECT,
        REPLY,
        /** The request is neither relayed nor answered. */
        SILENT,
        /** Something that no rule can express. */
        OTHER
    }

    /**
     * A leaf of the tree.
     *
     * @param selections the dispatcher's selections; each is tried if the one before has no usable destination
     * @param reply the response, or the response if no destination is usable; null for none
     * @param failureRoute empty for none
     * @param timers the timers of the transaction
     * @param blacklists the names of the blacklists in use
     * @param push the attributes that are pushed for the sender; null for none
     * @param caveats the reasons why no rule has the same effect; empty if a rule has
     */
    record Leaf(
            ScriptAction action,
            List<Script.FunctionCall> selections,
            Script.FunctionCall reply,
            String failureRoute,
            ScriptTimers timers,
            boolean stateless,
            List<String> blacklists,
            AttrsPush push,
            List<String> caveats)
            implements ScriptOutcome {
        static Leaf of(ScriptAction action, Script.FunctionCall reply, List<String> caveats) {
            return of(action, reply, null, caveats);
        }

        static Leaf of(ScriptAction action, Script.FunctionCall reply, AttrsPush push, List<String> caveats) {
            return new Leaf(action, List.of(), reply, "", ScriptTimers.NONE, false, List.of(), push, caveats);
        }

        Leaf with(List<Script.FunctionCall> all, Script.FunctionCall whenUnusable, List<String> more) {
            List<String> both = new ArrayList<>(caveats);
            both.addAll(more);
            return new Leaf(action, all, whenUnusable, failureRoute, timers, stateless, blacklists, push, both);
        }
    }

    /** The parts of the outcome that no rule can express, in the words of the script. */
    static Set<String> unclear(ScriptOutcome outcome) {
        Set<String> unclear = new HashSet<>();
        collect(outcome, List.of(), unclear);
        return unclear;
    }

    private static void collect(ScriptOutcome outcome, List<ScriptCondition> facts, Set<String> unclear) {
        if (outcome instanceof Split split) {
            List<ScriptCondition> holding = new ArrayList<>(facts);
            holding.add(split.fact());
            collect(split.yes(), holding, unclear);
            collect(split.no(), facts, unclear);
        } else if (outcome instanceof Leaf leaf) {
            unclear.addAll(new WhenBlock(facts).unknown());
            unclear.addAll(leaf.caveats());
        }
    }

    /** A split; simplified if both branches are equal. */
    static ScriptOutcome split(ScriptCondition fact, ScriptOutcome yes, ScriptOutcome no) {
        return yes.equals(no) ? yes : new Split(fact, yes, no);
    }
}
