package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class StatusVersionTest {
    @Test
    void theStartOfAnActorIsOlderThanEveryChangeInItsTerm() {
        StatusVersion started = new StatusVersion(3, 0, 9);

        assertThat(new StatusVersion(3, 1, 2).isAfter(started)).isTrue();
        assertThat(started.isAfter(new StatusVersion(3, 2, 2))).isFalse();
        assertThat(started.isAfter(new StatusVersion(2, 99, 2))).isTrue();
    }

    @Test
    void theNumberOfTheNodeDecidesBetweenEqualChangesOfOneTerm() {
        assertThat(new StatusVersion(3, 1, 9).isAfter(new StatusVersion(3, 1, 2)))
                .isTrue();
        assertThat(new StatusVersion(3, 1, 2).isAfter(new StatusVersion(3, 1, 9)))
                .isFalse();
    }

    @Test
    void anActorOfTheSameTermIsNoLaterOne() {
        StatusVersion own = new StatusVersion(3, 1, 2);

        assertThat(new StatusVersion(3, 5, 9).isOfLaterTerm(own)).isFalse();
        assertThat(new StatusVersion(3, 5, 9).isNewerInSameTerm(own)).isTrue();
        assertThat(new StatusVersion(3, 0, 9).isNewerInSameTerm(own)).isFalse();
        assertThat(new StatusVersion(3, 5, 2).isNewerInSameTerm(own)).isFalse();
        assertThat(new StatusVersion(4, 0, 9).isNewerInSameTerm(own)).isFalse();
        assertThat(new StatusVersion(4, 0, 9).isOfLaterTerm(own)).isTrue();
    }

    @Property
    void versionsHaveOneOrder(
            @ForAll @LongRange(max = 2) long term,
            @ForAll @LongRange(max = 2) long change,
            @ForAll @LongRange(max = 2) long node,
            @ForAll @LongRange(max = 26) long second,
            @ForAll @LongRange(max = 26) long third) {
        StatusVersion a = new StatusVersion(term, change, node);
        StatusVersion b = numbered(second);
        StatusVersion c = numbered(third);
        List<StatusVersion> sorted = Stream.of(a, b, c).sorted().toList();

        assertThat(a.compareTo(b)).isEqualTo(-b.compareTo(a));
        assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        assertThat(sorted.get(0).isAfter(sorted.get(2))).isFalse();
        assertThat(Stream.of(c, a, b).sorted().toList()).isEqualTo(sorted);
    }

    private static StatusVersion numbered(long number) {
        return new StatusVersion(number / 9, number / 3 % 3, number % 3);
    }
}
