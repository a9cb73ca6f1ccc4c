package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Levels compared with a sort of all values. */
class MemberLevelsTest {
    @Test
    void placesAreInTheOrderOfTheirValues() {
        long[] values = {3, 1, 2, 1};
        MemberLevels levels = new MemberLevels(4, place -> values[place]);

        levels.fill();

        assertThat(levels.first(4)).containsExactly(1, 3, 2, 0);
        assertThat(levels.first()).isEqualTo(1);
    }

    /** Values that are near each other, spread, at both ends of the numbers, last, or absent. */
    private static long value(long before, Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> MemberLevels.LAST;
            case 1 -> MemberLevels.ABSENT;
            case 2 -> random.nextInt(5_000);
            case 3 -> random.nextInt(3) - 1 + (random.nextBoolean() ? Long.MAX_VALUE - 2 : Long.MIN_VALUE + 2);
            case 4, 5 -> random.nextInt(4);
            default -> Math.max(0, Math.min(1L << 40, before) + random.nextInt(3) - 1);
        };
    }

    private static int[] sorted(long[] values) {
        return IntStream.range(0, values.length)
                .filter(place -> values[place] != MemberLevels.ABSENT)
                .boxed()
                .sorted(Comparator.comparingLong(place -> values[place]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Property(tries = 300)
    void theOrderIsThatOfASort(@ForAll long seed) {
        Random random = new Random(seed);
        int size = random.nextInt(4) == 0 ? 4_000 + random.nextInt(200) : 1 + random.nextInt(150);
        long common = random.nextInt(100);
        long[] values = new long[size];
        Arrays.setAll(values, place -> random.nextInt(3) == 0 ? value(common, random) : common);
        MemberLevels levels = new MemberLevels(size, place -> values[place]);
        levels.fill();

        for (int step = 0; step < 100; step++) {
            int place = random.nextInt(2) * random.nextInt(size);
            long before = values[place];
            if (before != MemberLevels.ABSENT) {
                levels.remove(place, before);
            }
            values[place] = value(before, random);
            if (values[place] != MemberLevels.ABSENT) {
                levels.add(place, values[place]);
            }
            if (random.nextInt(4) == 0) {
                int[] sorted = sorted(values);
                int count = 1 + random.nextInt(2) * random.nextInt(size);
                assertThat(levels.first(count)).isEqualTo(Arrays.copyOf(sorted, Math.min(count, sorted.length)));
                assertThat(levels.first()).isEqualTo(sorted.length == 0 ? MemberLevels.NONE : sorted[0]);
            }
        }
    }
}
