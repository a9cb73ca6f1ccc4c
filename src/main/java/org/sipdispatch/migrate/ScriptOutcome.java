package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;

/** The result of a script for a request, as a decision tree over facts. */
sealed interface ScriptOutcome {
    /** A decision by a fact. */
    record Split(Fact fact, ScriptOutcome yes, ScriptOutcome no) implements ScriptOutcome {}

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
     * @param doubts the reasons why no rule has the same effect; empty if a rule has
     */
    record Leaf(
            ScriptAction action,
            List<Script.FunctionCall> selections,
            Script.FunctionCall reply,
            String failureRoute,
            ScriptTimers timers,
            boolean stateless,
            List<String> blacklists,
            List<String> doubts)
            implements ScriptOutcome {
        static Leaf of(ScriptAction action, Script.FunctionCall reply, List<String> doubts) {
            return new Leaf(action, List.of(), reply, "", ScriptTimers.NONE, false, List.of(), doubts);
        }

        Leaf with(List<Script.FunctionCall> all, Script.FunctionCall whenUnusable, List<String> more) {
            List<String> both = new ArrayList<>(doubts);
            both.addAll(more);
            return new Leaf(action, all, whenUnusable, failureRoute, timers, stateless, blacklists, both);
        }
    }

    /** A split; simplified if both branches are equal. */
    static ScriptOutcome split(Fact fact, ScriptOutcome yes, ScriptOutcome no) {
        return yes.equals(no) ? yes : new Split(fact, yes, no);
    }
}
