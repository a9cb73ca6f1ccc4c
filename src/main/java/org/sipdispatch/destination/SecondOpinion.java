package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;

/**
 * What other nodes say before a destination is taken out: silence may be this node's own path. Immutable.
 *
 * @param asked how many were asked
 * @param agree how many of them must have failed too, where that many answer
 * @param heard what those say that have answered
 * @param timeUp whether nobody is waited for any longer
 */
record SecondOpinion(int asked, int agree, List<Opinion> heard, boolean timeUp) {
    /** How it ends. */
    enum Verdict {
        /** Answers may still change it. */
        OPEN,
        /** Others fail too. */
        AGREED,
        /** Others reach it. */
        DISPUTED,
        /** Nobody says anything: this node decides. */
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

    /** What a node sees that raised the suspicion itself is no second opinion; {@code accuser} empty for none. */
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
