package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;

/** The result of a script for a request, as a decision tree over facts. */
sealed interface Outcome {
    /** A decision by a fact. */
    record Decision(Fact fact, Outcome yes, Outcome no) implements Outcome {}

    enum Kind {
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
     * @param doubts the reasons why no rule has the same effect; empty if a rule has
     */
    record Leaf(
            Kind kind,
            List<Script.Call> selections,
            Script.Call reply,
            String failureRoute,
            boolean stateless,
            List<String> doubts)
            implements Outcome {
        static Leaf of(Kind kind, Script.Call reply, List<String> doubts) {
            return new Leaf(kind, List.of(), reply, "", false, doubts);
        }

        Leaf with(List<Script.Call> all, Script.Call whenUnusable, List<String> more) {
            List<String> both = new ArrayList<>(doubts);
            both.addAll(more);
            return new Leaf(kind, all, whenUnusable, failureRoute, stateless, both);
        }
    }

    /** A split; simplified if both branches are equal. */
    static Outcome split(Fact fact, Outcome yes, Outcome no) {
        return yes.equals(no) ? yes : new Decision(fact, yes, no);
    }
}
