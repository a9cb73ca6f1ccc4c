package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WeightWheelTest {
    /** The index by a search from the beginning, in exact numbers. */
    private static int searched(long[] weights, long number) {
        long sum = Arrays.stream(weights).sum();
        long total = sum == 0 ? weights.length : sum;
        long at = new BigInteger(Long.toUnsignedString(number))
                .multiply(BigInteger.valueOf(total))
                .shiftRight(64)
                .longValueExact();
        int index = 0;
        long end = sum == 0 ? 1 : weights[0];
        while (at >= end) {
            index++;
            end += sum == 0 ? 1 : weights[index];
        }
        return index;
    }

    @Property(tries = 100)
    void theTableLeadsToTheIndexThatASearchFinds(@ForAll long seed) {
        Random random = new Random(seed);
        int size = 1 + random.nextInt(300);
        int bound = random.nextBoolean() ? 3 : random.nextBoolean() ? 65_536 : 1;
        long[] weights = random.ints(size, 0, bound).asLongStream().toArray();
        WeightWheel wheel = new WeightWheel(weights);

        for (int i = 0; i < 100; i++) {
            long number = i == 0 ? 0 : i == 1 ? -1 : random.nextLong();
            assertThat(wheel.index(number)).isEqualTo(searched(weights, number));
        }
    }

    @Test
    void largeWeightsOfManyMembersAreExact() {
        long[] weights = new long[10_000];
        Arrays.setAll(weights, i -> (1L << 36) - i);
        WeightWheel wheel = new WeightWheel(weights);
        Random random = new Random(1);

        for (int i = 0; i < 200; i++) {
            long number = random.nextLong();
            assertThat(wheel.index(number)).isEqualTo(searched(weights, number));
        }
    }
}
