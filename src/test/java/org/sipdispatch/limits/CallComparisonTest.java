package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What node 1 tells node 2, which compares at intervals. */
class CallComparisonTest {
    private static final Set<Long> BOTH = Set.of(1L, 2L);

    private final AnsweredCalls own = new AnsweredCalls();
    private final AnsweredCalls others = new AnsweredCalls();
    private final CallComparison comparison = new CallComparison(own, 1);
    private final CallComparison other = new CallComparison(others, 2);

    private static AnsweredCall call(long key) {
        return new AnsweredCall(key, 3_600_000, List.of("limit"));
    }

    /** The numbers of the comparisons, of so many, after which something was told. */
    private List<Integer> told(int comparisons) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < comparisons; i++) {
            if (!comparison.toTell(other.digests(1, BOTH), BOTH, 0).isEmpty()) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    @Test
    void nothingIsToldIfBothKnowTheSame() {
        own.add(1, call(7), 0);
        others.add(1, call(7), 0);

        assertThat(told(100)).isEmpty();
    }

    @Test
    void whatTheOtherNodeDoesNotAcceptIsToldMoreAndMoreRarely() {
        own.add(1, call(7), 0);

        assertThat(told(100)).containsExactly(1, 3, 7, 15, 31, 63);
    }

    @Test
    void anotherDifferenceIsToldSoon() {
        own.add(1, call(7), 0);
        assertThat(told(40)).hasSize(5);
        own.add(1, call(7 + AnsweredCalls.BUCKETS), 0);

        assertThat(told(3)).containsExactly(1);
    }
}
