package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Node 1 compares its calls with node 2; node 9 is gone. */
class CallComparisonTest {
    private static final Set<Long> PRESENT = Set.of(1L, 2L, 3L);
    private static final int GONE = 9;

    private final AnsweredCalls ofOne = new AnsweredCalls();
    private final AnsweredCalls ofTwo = new AnsweredCalls();
    private final CallComparison one = new CallComparison(ofOne, 1);
    private final CallComparison two = new CallComparison(ofTwo, 2);

    private static AnsweredCall call(long key) {
        return new AnsweredCall(key, 1000, List.of("a"));
    }

    private Map<Long, List<AnsweredCall>> compare() {
        return one.toTell(two.digests(1, PRESENT), PRESENT, 0);
    }

    @Test
    void aDifferenceThatRemainsIsTold() {
        ofOne.add(1, call(7), 0);
        ofOne.add(2, call(8), 0);
        ofOne.add(GONE, call(9), 0);
        ofOne.add(3, call(10), 0);
        ofOne.add(GONE, call(26), 0);
        ofTwo.add(GONE, call(26), 0);

        assertThat(compare()).isEmpty();
        assertThat(compare()).isEqualTo(Map.of(1L, List.of(call(7)), 2L, List.of(call(8)), 9L, List.of(call(9))));
        assertThat(compare()).isEmpty();
    }

    @Test
    void aDifferenceThatChangesIsNewsOnItsWay() {
        for (long key = 0; key < 160; key += 16) {
            ofOne.add(1, call(key), 0);
            assertThat(compare()).isEmpty();
        }
    }

    @Test
    void whichOfTheGoneNodesHadACallMakesNoDifference() {
        ofOne.add(GONE, call(7), 0);
        ofTwo.add(GONE + 1, call(7), 0);

        compare();

        assertThat(compare()).isEmpty();
    }

    @Test
    void manyCallsAreToldInTurns() {
        Set<Long> told = new HashSet<>();
        for (long key = 0; key < 20_000; key++) {
            ofOne.add(1, call(key), 0);
        }
        compare();
        for (int i = 0; i < 32; i++) {
            List<AnsweredCall> now = compare().getOrDefault(1L, List.of());
            assertThat(now).hasSizeLessThan(4000);
            now.forEach(call -> told.add(call.key()));
        }

        assertThat(told).hasSize(20_000);
    }
}
