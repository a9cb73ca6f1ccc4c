package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;

/** What becomes of a request in a script: decided by facts, one after the other. */
sealed interface Outcome {
    /** Depends on a fact. */
    record Split(Fact fact, Outcome yes, Outcome no) implements Outcome {}

    /** How a request ends. */
    enum Kind {
        /** The dispatcher selects, and the request is relayed there. */
        SELECT,
        /** The dispatcher selects, and the caller is redirected there. */
        REDIRECT,
        REPLY,
        /** Neither relayed nor answered. */
        SILENT,
        /** Something that no rule does. */
        OTHER
    }

    /**
     * An end.
     *
     * @param selections those of the dispatcher, each tried when the one before it has nothing
     * @param reply the answer, or the one when no destination is usable; null for none
     * @param failureRoute empty for none
     * @param doubts why no rule can do the same; empty where one can
     */
    record End(
            Kind kind,
            List<Script.Call> selections,
            Script.Call reply,
            String failureRoute,
            boolean stateless,
            List<String> doubts)
            implements Outcome {
        static End of(Kind kind, Script.Call reply, List<String> doubts) {
            return new End(kind, List.of(), reply, "", false, doubts);
        }

        End with(List<Script.Call> all, Script.Call whenUnusable, List<String> more) {
            List<String> both = new ArrayList<>(doubts);
            both.addAll(more);
            return new End(kind, all, whenUnusable, failureRoute, stateless, both);
        }
    }

    /** The same where both are the same. */
    static Outcome split(Fact fact, Outcome yes, Outcome no) {
        return yes.equals(no) ? yes : new Split(fact, yes, no);
    }
}
