package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;

/**
 * The results of other nodes before a destination is taken out, because the cause of silence may be this node's own
 * path. Immutable.
 *
 * @param asked how many nodes were asked
 * @param agree how many of them must have failed too, if that many answer
 * @param heard the results received so far
 * @param timeUp whether the time limit has passed
 */
record SecondOpinion(int asked, int agree, List<Opinion> heard, boolean timeUp) {
    enum Verdict {
        /** More results may change it. */
        OPEN,
        /** Other nodes fail too. */
        AGREED,
        /** Other nodes reach the destination. */
        DISPUTED,
        /** No other node has a result: this node decides. */
        ALONE
    }

    static SecondOpinion of(int asked, int agree) {
        return new SecondOpinion(asked, agree, List.of(), false);
    }

    SecondOpinion with(Opinion opinion) {
        List<Opinion> more = new ArrayList<>(heard);
        more.add(opinion);
        return new SecondOpinion(asked, agree, List.copyOf(more), timeUp);
    }

    SecondOpinion closed() {
        return new SecondOpinion(asked, agree, heard, true);
    }

    Verdict verdict(Limits limits) {
        return verdict(limits, "");
    }

    /** The result of the node whose traffic showed the failure does not count; {@code accuser} is empty for none. */
    Verdict verdict(Limits limits, String accuser) {
        int failed = 0;
        int answering = 0;
        for (Opinion opinion : heard) {
            Evidence evidence = opinion.node().equals(accuser) ? Evidence.NONE : limits.evidence(opinion);
            answering += evidence == Evidence.NONE ? 0 : 1;
            failed += evidence == Evidence.BAD ? 1 : 0;
        }
        if (failed >= agree && failed > 0) {
            return Verdict.AGREED;
        }
        if (!timeUp && heard.size() < asked) {
            return Verdict.OPEN;
        }
        if (answering == 0) {
            return Verdict.ALONE;
        }
        return failed >= Math.min(agree, answering) ? Verdict.AGREED : Verdict.DISPUTED;
    }
}
