package org.sipdispatch.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LongMapTest {
    private record Step(boolean put, long key, int value) {}

    @Property
    void itBehavesLikeAHashMap(@ForAll("steps") List<Step> steps) {
        LongMap<Integer> map = new LongMap<>(8);
        Map<Long, Integer> model = new HashMap<>();

        for (Step step : steps) {
            if (step.put) {
                map.put(step.key, step.value);
                model.put(step.key, step.value);
            } else {
                map.remove(step.key);
                model.remove(step.key);
            }
            assertThat(map.size()).isEqualTo(model.size());
        }

        for (Step step : steps) {
            assertThat(map.get(step.key)).isEqualTo(model.get(step.key));
        }
    }

    /** A few keys that cluster around the end of a table of 16, so that removals often move entries. */
    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> crowded = Arbitraries.longs()
                .between(12, 18)
                .flatMap(low -> Arbitraries.longs().between(0, 3).map(high -> high << 32 | low));
        Arbitrary<Long> keys = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(5, crowded), net.jqwik.api.Tuple.of(1, Arbitraries.longs()));
        return Combinators.combine(Arbitraries.of(true, true, false), keys, Arbitraries.integers())
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }

    @Test
    void removalMovesUpWhatWasPushedAroundTheEnd() {
        LongMap<String> map = new LongMap<>(8);
        map.put(15, "at the end");
        map.put(15 + 16, "pushed to the start");
        map.put(15 + 32, "pushed further");
        map.put(1, "pushed as well");

        map.remove(15);

        assertThat(map.get(15)).isNull();
        assertThat(map.get(15 + 16)).isEqualTo("pushed to the start");
        assertThat(map.get(15 + 32)).isEqualTo("pushed further");
        assertThat(map.get(1)).isEqualTo("pushed as well");
        assertThat(map.size()).isEqualTo(3);
    }

    @Test
    void clearForgetsAll() {
        LongMap<String> map = new LongMap<>(8);
        for (int i = 0; i < 1000; i++) {
            map.put(i, "v" + i);
        }

        map.clear();

        assertThat(map.size()).isZero();
        assertThat(map.get(7)).isNull();
    }
}
