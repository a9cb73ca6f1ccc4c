package org.sipdispatch.routing;

import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetId;

/**
 * One set to choose from, with algorithm and flags.
 *
 * @param ranking by what the algorithm compares destinations; null for an algorithm that does not
 */
public record SetChoice(SetId set, Algorithm algorithm, SelectFlags flags, RankingPlan ranking) {
    /** A choice by an algorithm that does not compare destinations. */
    public SetChoice(SetId set, Algorithm algorithm, SelectFlags flags) {
        this(set, algorithm, flags, null);
    }

    /** Whether a request goes to all selected destinations at once. */
    boolean isParallel() {
        return algorithm == Algorithm.PARALLEL;
    }
}
